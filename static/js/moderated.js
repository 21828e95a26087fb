// Keys and a timer for the moderated matching. The page works without: links lead on.
(() => {
  "use strict";
  const MINUTES = "moderated-minutes";
  let left = 0;
  let ends = 0;
  let ticking = 0;

  const timer = () => document.querySelector("[data-timer]");
  const part = (name) => timer().querySelector(`[data-timer-${name}]`);
  const minutes = () => Math.min(60, Math.max(1, Math.round(Number(part("minutes").value)) || 5));

  const show = () => {
    const seconds = Math.max(0, Math.ceil(left / 1000));
    part("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    part("toggle").querySelector(".kern-label").textContent = ticking ? "Pause" : "Start";
    timer().classList.toggle("moderated__timer--over", left <= 0);
  };
  const stop = () => {
    window.clearInterval(ticking);
    ticking = 0;
  };
  const tick = () => {
    if (!timer()) return stop();
    left = ends - Date.now();
    if (left <= 0) {
      left = 0;
      stop();
      // Only now is it said: a voice counting down would talk over the meeting.
      part("said").textContent = "Die Zeit ist um.";
    }
    show();
  };
  const reset = () => {
    stop();
    left = minutes() * 60000;
    part("said").textContent = "";
    show();
  };
  const toggle = () => {
    if (ticking) {
      stop();
    } else {
      if (left <= 0) reset();
      part("said").textContent = "";
      ends = Date.now() + left;
      ticking = window.setInterval(tick, 250);
    }
    show();
  };

  // The part of the page that was exchanged is brought to life; ``anew``: another mentee.
  const wake = (anew) => {
    const found = timer();
    if (!found) return;
    found.hidden = false;
    const keys = document.querySelector("[data-keys]");
    if (keys) keys.hidden = false;
    part("minutes").value = window.sessionStorage.getItem(MINUTES) || part("minutes").value;
    if (anew) reset();
    show();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-timer-toggle]")) toggle();
    if (event.target.closest("[data-timer-reset]")) reset();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-timer-minutes]")) return;
    event.target.value = minutes();
    window.sessionStorage.setItem(MINUTES, event.target.value);
    reset();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const busy = event.target.closest("input, select, textarea, [contenteditable], details, .app-header");
    if (busy || !timer()) return;
    const follow = (name) => {
      const link = document.querySelector(`[data-${name}]`);
      if (link) link.click();
    };
    if (event.key === "ArrowRight") follow("next");
    else if (event.key === "ArrowLeft") follow("previous");
    else if (event.key === " " && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      toggle();
    } else if (event.key === "f" || event.key === "F") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    }
  });

  // Changes of others come by themselves, but not while somebody chooses a Kommune.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const polled = event.detail.elt;
    if (polled.matches("[data-polled]") && polled.querySelector("select:focus")) event.preventDefault();
  });
  let path = window.location.pathname;
  document.addEventListener("htmx:afterSettle", () => {
    const anew = window.location.pathname !== path;
    path = window.location.pathname;
    wake(anew);
    const heading = document.querySelector("[data-focus-here]");
    if (anew && heading) {
      heading.focus();
      window.scrollTo(0, 0);
    }
  });
  wake(true);
})();
