/* Handing in files: dropping them on their form, and sending each by itself, with progress. What could not be sent stays
   in the form, to be tried again. Without this script the form sends its files as any form does. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const inputs = (form) => [...form.querySelectorAll("input[type=file]")];
  const files = (form) => inputs(form).flatMap((input) => [...input.files]);

  /* puts files into the form in the place of those that it has */
  const keep = (form, list) => {
    const held = new DataTransfer();
    for (const file of list) held.items.add(file);
    const [picker, ...others] = inputs(form);
    picker.files = held.files;
    for (const other of others) other.value = "";
  };

  /* one line for each file: its name, how far it is, and in words what becomes of it */
  const line = (form, file) => {
    const [row, name, bar, told] = ["li", "bdi", "progress", "span"].map((kind) => document.createElement(kind));
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    bar.className = "progress";
    bar.setAttribute("aria-hidden", "true");
    told.textContent = form.dataset.waits;
    row.append(name, bar, told);
    return { row, tell: (text, share, tone) => { told.textContent = text; bar.value = share; if (tone) row.dataset.tone = tone; else delete row.dataset.tone; } };
  };
  const showLines = (form) => {
    const list = find(".sends", form);
    const lines = files(form).map((file) => [file, line(form, file)]);
    list.replaceChildren(...lines.map(([, one]) => one.row));
    list.hidden = lines.length === 0;
    return lines;
  };
  const complain = (form, text) => {
    const place = find(".error[role=alert]", form);
    place.hidden = text === null;
    find("span", place).textContent = text ?? "";
  };

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
      const dropped = [...event.dataTransfer.files];
      if (!dropped.length) return;
      keep(form, find("input[type=file]", form).multiple ? [...files(form), ...dropped] : dropped.slice(0, 1));
      showLines(form);
      find("button", form).focus();
    });
  }
  document.addEventListener("dragleave", (event) => {
    const form = formAt(event);
    if (form && !form.contains(event.relatedTarget)) delete form.dataset.over;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.matches?.("form[data-upload] input[type=file]") && event.target.form;
    if (!form) return;
    if (!find("input[type=file]", form).multiple) for (const other of inputs(form)) if (other !== event.target) other.value = "";
    complain(form, null);
    showLines(form);
  });

  /* the page that the form led to: what the upload changed is taken out of it, the rest stays as it is */
  const take = (form, request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const changes = form.dataset.upload.split(",").filter(Boolean);
    const target = changes[0];
    if (!target || !find(target, page)) {
      /* the same page again, but for its fragment, would not load by itself */
      const [to, here] = [new URL(request.responseURL || location.href), new URL(location.href)];
      if (to.pathname === here.pathname && to.search === here.search) location.reload(); else location.assign(to.href);
      return;
    }
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

  /* A file that was sent twice, because its answer was lost on the way, is handed in once: the key says that it is the
     same request. What was typed beside it is part of the request. */
  const keys = new WeakMap();
  const keyOf = (file, said) => {
    const known = keys.get(file);
    if (known?.said === said) return known.key;
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    keys.set(file, { said, key });
    return key;
  };

  /* sends one file; gives the answer, or nothing where it could not be sent or was refused */
  const send = (form, file, tell) => new Promise((done) => {
    const data = new FormData(form);
    data.delete("file");
    const said = JSON.stringify([...data]);
    data.append("file", file, file.name);
    const request = new XMLHttpRequest();
    const failed = (why) => { tell(why, 0, "bad"); done(null); };
    request.upload.addEventListener("progress", (step) => {
      const share = step.lengthComputable ? Math.floor((100 * step.loaded) / step.total) : 0;
      tell(share < 100 ? form.dataset.sending.replace("{0}", String(share)) : form.dataset.checking, share);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) { tell(form.dataset.sent, 100, "ok"); done(request); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      failed((find("[data-refused]", page) ?? find("main h1", page))?.textContent ?? form.dataset.notSent);
    });
    for (const kind of ["error", "timeout", "abort"]) request.addEventListener(kind, () => failed(form.dataset.notSent));
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Idempotency-Key", keyOf(file, said));
    request.send(data);
  });

  /* a list of what was handed in, such as the register, shows what was taken, while the form keeps what was not */
  const showTaken = () => {
    const list = find("[data-handed-in]");
    if (list) window.htmx?.ajax("GET", location.pathname + location.search, { target: list, select: `#${list.id}`, swap: "outerHTML" });
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    const lines = showLines(form);
    complain(form, lines.length ? null : form.dataset.choose);
    if (!lines.length) { find("input[type=file]", form).focus(); return; }
    const button = find(".actions button", form);
    button.disabled = true;
    let last = null;
    const left = [];
    for (const [file, one] of lines) {
      const answer = await send(form, file, one.tell);
      if (answer) last = answer; else left.push(file);
    }
    button.disabled = false;
    if (!left.length) { take(form, last); return; }
    /* what is in is in; the rest waits in the form, with what was typed */
    keep(form, left);
    find("span", button).textContent = form.dataset.again;
    complain(form, form.dataset.some);
    find("input[type=file]", form).focus();
    if (last) showTaken();
  });
})();
