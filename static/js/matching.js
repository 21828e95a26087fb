// The wall renews itself (htmx asks the server every few seconds). Without this file it does
// so too, but also while nobody looks at it.
(() => {
  "use strict";
  const asking = document.getElementById("wand-abfrage");
  const wall = document.getElementById("wand");
  if (!asking || !wall) return;

  // A hidden tab asks for nothing; shown again it asks at once.
  asking.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && window.htmx) window.htmx.trigger(asking, "nachsehen");
  });

  // A server that does not answer for a moment must not take the page away: asked again soon.
  wall.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 500) return;
    event.detail.shouldSwap = false;
    event.stopPropagation();
  });
})();
