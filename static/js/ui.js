// Enhancements only: every page works without this file.
(() => {
  "use strict";

  // Menus are <details>: close them on Escape and when something else is clicked.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // The error summary takes the focus, in browsers that ignore autofocus on it.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A form is sent once, however often its button is pressed. The server holds this too;
  // here it spares the second wait. A page fetched back from the cache may send again, and so
  // may a form that answers with a file (data-again).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || "again" in form.dataset) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Answers that htmx cannot place (signed out, an error page) are opened as pages.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const asked = new URL(requestConfig.path, window.location.href);
    const answered = new URL(xhr.responseURL || asked.href);
    if (xhr.status >= 400 || answered.pathname !== asked.pathname) {
      event.detail.shouldSwap = false;
      window.location.assign(xhr.status >= 400 ? asked.href : answered.href);
    }
  });
})();
