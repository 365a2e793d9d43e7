/* Handing in files: dropping them on their form, and sending them with progress. Without this script the form sends
   the file as any form does. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);

  /* what a dragged file would be let go on: its form takes it, the rest of the page must not open it */
  const formAt = (event) => event.target.closest?.("form[data-upload]");
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      const form = formAt(event);
      if (!form) { event.dataTransfer.dropEffect = "none"; return; }
      if (kind === "dragover") { form.dataset.over = ""; return; }
      delete form.dataset.over;
      const [file] = event.dataTransfer.files;
      if (!file) return;
      const one = new DataTransfer();
      one.items.add(file);
      find("input[type=file]", form).files = one.files;
      find("button", form).focus();
    });
  }
  document.addEventListener("dragleave", (event) => {
    const form = formAt(event);
    if (form && !form.contains(event.relatedTarget)) delete form.dataset.over;
  });

  const tell = (form, text, share) => {
    const line = find(".sending", form);
    line.hidden = text === null;
    if (text === null) return;
    find("span", line).textContent = text;
    find("progress", line).value = share;
  };
  const refuse = (form, why) => {
    tell(form, null);
    find("button", form).disabled = false;
    const line = find(".error[role=alert]", form);
    find("span", line).textContent = why;
    line.hidden = false;
    find("input[type=file]", form).focus();
  };

  /* the page that the form led to: what the upload changed is taken out of it, the rest stays as it is */
  const take = (form, request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const changes = form.dataset.upload.split(",").filter(Boolean);
    const target = changes[0];
    if (!target || !find(target, page)) { location.assign(request.responseURL || location.href); if (!target) location.reload(); return; }
    for (const selector of [...changes, "#toasts"]) {
      const [now, then] = [find(selector), find(selector, page)];
      if (!now || !then) continue;
      now.replaceWith(then);
      window.htmx?.process(then);
    }
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
    const again = document.getElementById(find("input[type=file]", form).id);
    (again?.checkVisibility?.() === false ? find("summary", again.closest("details")) : again)?.focus({ preventScroll: true });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    find(".error[role=alert]", form).hidden = true;
    find("button", form).disabled = true;
    const request = new XMLHttpRequest();
    const sending = (share) => tell(form, form.dataset.sending.replace("{0}", String(share)), share);
    request.upload.addEventListener("progress", (step) => {
      const share = step.lengthComputable ? Math.floor((100 * step.loaded) / step.total) : 0;
      if (share < 100) sending(share); else tell(form, form.dataset.checking, 100);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) { take(form, request); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      refuse(form, (find("[data-refused]", page) ?? find("main h1", page))?.textContent ?? form.dataset.notSent);
    });
    request.addEventListener("error", () => refuse(form, form.dataset.notSent));
    sending(0);
    request.open("POST", form.getAttribute("action"));
    request.send(new FormData(form));
  });
})();
