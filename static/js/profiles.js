// Saves a draft while it is being typed. Without this file the buttons save it.
(() => {
  "use strict";
  const status = document.querySelector("[data-autosave]");
  const version = document.querySelector('input[name="_version"]');
  const form = version && version.form;
  if (!status || !form) return;

  const PAUSE = 3000;
  const OFFLINE = "Nicht gespeichert: keine Verbindung. Ihre Eingaben stehen noch hier.";
  let timer = 0;
  let running = null;
  let stopped = false;

  const say = (text) => { status.textContent = text; };

  const data = () => {
    const typed = new FormData(form);
    typed.delete("_kept"); // it belongs to the form's own address
    return typed;
  };

  const save = async () => {
    try {
      const answer = await fetch(status.dataset.autosave, { method: "POST", body: data(), redirect: "manual" });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) {
        say("Nicht gespeichert: bitte klicken Sie auf „Speichern“.");
        return;
      }
      const said = await answer.json();
      say(said.message);
      if (said.conflict) stopped = true;
      if (!said.saved) return;
      version.value = said.version;
      const sections = document.querySelector("[data-sections]");
      if (sections && said.sections) sections.innerHTML = said.sections;
    } catch {
      say(OFFLINE);
    }
  };

  const due = () => {
    if (stopped || running || form.dataset.sent) return;
    running = save().finally(() => { running = null; });
  };

  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (running ? later() : due()), PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);

  // A save under way would make our own next one look like somebody else's: wait for it.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    const button = event.submitter;
    running.then(() => form.requestSubmit(button));
  });
})();
