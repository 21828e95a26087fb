// A click on a placeholder puts it into the text. Without this file one copies it.
(() => {
  "use strict";
  const body = document.getElementById("id_body");
  if (!body) return;
  for (const code of document.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rundmail-insert";
    button.textContent = code.textContent;
    button.setAttribute("aria-label", `${code.textContent} in den Text einsetzen`);
    button.addEventListener("click", () => {
      body.setRangeText(code.textContent, body.selectionStart, body.selectionEnd, "end");
      body.focus();
    });
    code.replaceWith(button);
  }
})();
