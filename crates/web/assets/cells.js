/* A task is changed in its row: until when it is due, and who does it. Its cell is a link that opens the task beside the
   list; here it opens as a small form in its place instead, which the server gives.
   Sections: buttons, opening, closing, saving, what is typed, swaps around it. */
"use strict";
(() => {
  if (!window.htmx) return;
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const BUTTON = ".task .edit[data-cell]", CONTROL = ":is(input:not([type=hidden]), select)";
  const rowOf = (element) => element.closest(".task");

  /* buttons: what opens a form in its place is one, and is pressed like one */
  const name = () => { for (const link of all(`${BUTTON}:not([role])`)) link.setAttribute("role", "button"); };
  name();
  document.addEventListener("htmx:after:process", name);

  /* opening: one cell of a row at a time, and none of a row that comes anew in a moment. A row that came anew while its
     form was on the way is asked once more. */
  const saving = new Map();
  const open = async (link, isAgain = false) => {
    const { id } = rowOf(link), { cell } = link.dataset;
    await saving.get(id);
    const button = find(`#${id} .edit[data-cell="${cell}"]`), other = find(`#${id} .cell`);
    if (other) { find(CONTROL, other).focus(); return; }
    if (!button || button.matches(".htmx-request")) return;
    await window.htmx.ajax("GET", `/tasks/${id.slice(2)}/${cell}`, { source: button, target: button, select: ".cell", swap: "afterend" });
    const control = find(`#${id} .cell ${CONTROL}`);
    if (control) control.focus();
    else if (!button.isConnected && !isAgain) open(button, true);
  };
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(BUTTON), leave = event.target.closest?.(".cell [data-leave]");
    if (link) { event.preventDefault(); open(link); }
    if (leave) close(leave.closest(".cell"));
  }, true);

  /* its own buttons leave the focus where it is: where a browser would give it to nobody, leaving would save first */
  document.addEventListener("mousedown", (event) => { if (event.target.closest?.(".cell button")) event.preventDefault(); });

  /* closing: the row is there as it was, and the button has the focus again */
  const done = new WeakSet();
  const close = (form) => {
    if (done.has(form)) return;
    done.add(form);
    const button = form.previousElementSibling, isIn = form.contains(document.activeElement);
    form.remove();
    if (isIn) button?.focus({ preventScroll: true });
    document.dispatchEvent(new Event("cell-closed"));
  };

  /* saving: the answer is the row as it is then, or with its cell open once more */
  const isRefused = (form) => Boolean(find(".error", form));
  const isAsItWas = (form) => {
    const control = find(CONTROL, form);
    if (control.matches("select")) return [...control.options].every((one) => one.selected === one.defaultSelected);
    return control.value === control.defaultValue && !control.validity.badInput;
  };
  const send = async (form) => {
    await new Promise((arrived) => setTimeout(arrived));   /* the focus is where it goes: it is found there again in the new row */
    const row = form.isConnected && !done.has(form) && rowOf(form);
    if (!row) return;
    form.elements.next.value = location.pathname + location.search;
    await window.htmx.ajax("POST", form.getAttribute("action"), { source: form, target: row, select: `#${row.id}`, swap: "outerHTML", headers: { "HX-Target": `li#${row.id}` } });
  };
  const save = (form) => {
    const { id } = rowOf(form);
    if (saving.has(id)) return;
    saving.set(id, send(form).finally(() => { saving.delete(id); document.dispatchEvent(new Event("cell-closed")); }));
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".cell")) return;
    event.preventDefault();
    save(event.target);
  });
  /* what could not be sent is tried again as muster.js does it: a button that could not open hears of a change */
  document.addEventListener("change", (event) => { if (event.target.matches?.(BUTTON)) open(event.target); });

  /* what is typed: with keys a date or a name changes at each of them, so it is saved with Enter, or when it is left;
     what is picked otherwise is saved at once */
  const byKeys = new WeakSet();
  const isTyping = (event) => !event.altKey && (/^(Arrow|Page|Home|End|Backspace|Delete)/.test(event.key) || (event.key.length === 1 && event.key !== " "));
  document.addEventListener("keydown", (event) => {
    const target = event.target, form = target.closest?.(".cell");
    if (target.matches?.(BUTTON) && event.key === " ") { event.preventDefault(); open(target); }
    if (!form) return;
    if (event.key === "Escape") { event.preventDefault(); close(form); return; }
    if (!target.matches(CONTROL)) return;
    if (isTyping(event)) byKeys.add(target);
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (isAsItWas(form) && !isRefused(form)) close(form); else form.requestSubmit();
  }, true);
  document.addEventListener("pointerdown", (event) => byKeys.delete(event.target));
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".cell");
    if (form && !aside.has(form) && !byKeys.has(event.target) && !isAsItWas(form)) save(form);
  });
  /* a day that is typed by half stays, and so does what was refused, until somebody says what becomes of it */
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.(".cell");
    if (!form || done.has(form) || aside.has(form) || saving.has(rowOf(form)?.id) || form.contains(event.relatedTarget) || form.contains(document.activeElement)) return;
    if (!isAsItWas(form)) { if (find(CONTROL, form).validity.valid) save(form); }
    else if (!isRefused(form)) close(form);
  });

  /* swaps around it: one of all rows, as after another task is completed, does not take what is not saved. The form goes
     aside before it, and stands behind its button again after it, if that is still there. */
  const aside = new Map();
  const isInside = (form, target) => {
    const place = typeof target === "string" ? find(target) : target;
    return place !== rowOf(form) && Boolean(place?.contains(form));
  };
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.defaultPrevented) return;
    for (const form of all(".cell")) {
      if (done.has(form) || (isAsItWas(form) && !isRefused(form))) continue;
      if (!event.detail?.tasks?.some((task) => isInside(form, task.target))) continue;
      const active = document.activeElement;
      aside.set(form, { id: rowOf(form).id, control: form.contains(active) ? active : null });
      form.remove();
    }
  });
  document.addEventListener("htmx:finally:swap", () => {
    for (const [form, { id, control }] of aside) {
      const button = find(`#${id} .edit[data-cell="${form.dataset.cell}"]`);
      if (button && !find(`#${id} .cell`)) { button.after(form); control?.focus({ preventScroll: true }); }
      aside.delete(form);
      if (!form.isConnected) document.dispatchEvent(new Event("cell-closed"));
    }
  });
})();
