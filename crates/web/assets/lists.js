/* Lists of tasks and the workspace while they are open: what others change shows itself, tasks are picked, people are
   named in comments. Everything essential works without it.
   Sections: picks, what others do, the stream, naming people. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const place = find("main[data-live]");
  if (!place) return;

  /* picks: a swap keeps them, as long as their rows are there */
  const picked = new Set();
  const boxes = () => all(".pick input");
  const count = () => {
    const words = find("#bulk [data-selected]");
    if (words && picked.size > 0) words.textContent = (picked.size === 1 ? words.dataset.selectedOne : words.dataset.selected).replace("{n}", picked.size);
  };
  const keep = () => {
    const there = new Set(boxes().map((box) => box.value));
    for (const id of [...picked]) if (!there.has(id)) picked.delete(id);
    for (const box of boxes()) box.checked = picked.has(box.value);
    count();
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    if (box) {
      /* with Shift, everything between this row and the one before */
      const list = boxes(), from = list.indexOf(last), to = list.indexOf(box);
      if (event.shiftKey && from >= 0) for (const one of list.slice(Math.min(from, to), Math.max(from, to) + 1)) { one.checked = box.checked; note(one); }
      last = box;
    }
    if (event.target.closest?.("[data-pick-none]")) { picked.clear(); keep(); }
  });
  const note = (box) => { if (box.checked) picked.add(box.value); else picked.delete(box.value); };
  document.addEventListener("change", (event) => { if (event.target.matches(".pick input")) { note(event.target); count(); } });
  /* what was done with them is done */
  document.addEventListener("htmx:before:request", (event) => { if (event.detail?.ctx?.sourceElement?.id === "bulk") picked.clear(); });
  document.addEventListener("htmx:after:swap", keep);
  for (const box of boxes()) note(box);
  count();

  /* what others do: a hint says that something has changed, and the page fetches itself anew. Only what differs is
     replaced, and nothing in which somebody is writing. */
  const PARTS = ["summary", "outline", "chips", "shown", "tree", "rows", "drawer"];
  const INNER = ["comments", "history"];
  const known = new Map();
  const isBusy = (part) => {
    const typed = all("input:not([type=hidden], [type=checkbox], [type=radio]), textarea", part).some((one) => one.value !== one.defaultValue);
    const active = document.activeElement;
    return typed || Boolean(find("details.menu[open], .task-form, .cell", part)) || (part.contains(active) && active.matches("textarea, select, input:not([type=checkbox], [type=radio])"));
  };
  const replace = (here, there) => {
    const active = here.contains(document.activeElement) ? document.activeElement : null;
    const row = active?.closest(".task"), at = row ? all(".task", here).indexOf(row) : -1;
    const inRow = active?.matches(".status") ? ".status" : active?.matches(".pick input") ? ".pick input" : active?.matches(".edit") ? `.edit[data-cell="${active.dataset.cell}"]` : ".what a";
    const focus = active && (active.id ? `#${CSS.escape(active.id)}` : row ? `#${CSS.escape(row.id)} ${inRow}` : "");
    const top = here.scrollTop;
    for (const fold of all("details[id]", here)) { const other = there.querySelector(`#${CSS.escape(fold.id)}`); if (other) other.open = fold.open; }
    const current = find(".task[aria-current]", here)?.id;
    here.replaceWith(there);
    window.htmx?.process(there);
    if (current) document.getElementById(current)?.setAttribute("aria-current", "true");
    there.scrollTop = top;
    for (const element of all("[data-scripted]", there)) element.hidden = false;
    /* a row that is gone leaves the focus to the one in its place */
    const others = row ? all(".task", there) : [];
    if (focus) (find(focus) ?? find(".what a", others[Math.min(at, others.length - 1)] ?? there))?.focus({ preventScroll: true });
  };
  const takePart = (page, id) => {
    const here = document.getElementById(id), there = page.getElementById(id);
    if (!here || !there) return;
    const text = there.outerHTML;
    if (known.get(id) === text && here.dataset.fresh === "1") return;
    if (isBusy(here)) { if (id === "drawer") for (const inner of INNER) takePart(page, inner); else missed = true; return; }
    known.set(id, text);
    there.dataset.fresh = "1";
    replace(here, there);
  };
  let missed = false, fetching = false, again = false, timer = 0;
  const load = async () => {
    timer = 0;
    if (document.hidden) { missed = true; return; }
    if (fetching) { again = true; return; }
    fetching = true;
    missed = false;
    try {
      const here = () => location.pathname + location.search;
      const asked = here();
      const answer = await fetch(asked, { headers: { "muster-by-itself": "1" } });
      const text = await answer.text();
      /* somebody has gone on meanwhile, such as closed the drawer: what was asked for is not what they look at */
      if (asked !== here()) again = true;
      else if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(text, "text/html");
        for (const id of PARTS) takePart(page, id);
        keep();
        names();
      }
    } catch { missed = true; } finally { fetching = false; }
    if (again) { again = false; want(); }
  };
  const want = () => { if (!timer) timer = setTimeout(load, 300); };
  /* what could not be shown while somebody wrote, or looked elsewhere, is shown after */
  document.addEventListener("focusout", () => { if (missed) setTimeout(want, 500); });
  /* what stands in a row that was changed by itself is not what was fetched before */
  document.addEventListener("cell-closed", () => { known.delete("rows"); if (missed) want(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && missed) want(); });

  /* the stream: it connects again by itself; where it is refused, the page looks now and then instead */
  let polling = 0, greeted = false;
  const connect = () => {
    const source = new EventSource(place.dataset.live);
    const listen = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
    listen("hello", (told) => {
      clearInterval(polling);
      const isNew = greeted || !place.dataset.version || told.workspace_version > Number(place.dataset.version);
      greeted = true;
      if (isNew) want();
    });
    listen("changed", want);
    listen("missed", want);
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      clearInterval(polling);
      polling = setInterval(() => { want(); if (source.readyState === EventSource.CLOSED) { clearInterval(polling); connect(); } }, 30000);
    });
    addEventListener("pagehide", () => source.close());
  };
  connect();

  /* naming people: a list of them while a name is typed after @ */
  const names = () => { for (const field of all("[data-unscripted]")) field.hidden = true; };
  names();
  document.addEventListener("htmx:after:swap", names);

  /* a comment that has been said is not left in its field */
  let said = null;
  document.addEventListener("submit", (event) => {
    if (event.target.id === "say") said = { text: document.getElementById("comment").value, before: all("#comments li").length };
  }, true);
  document.addEventListener("htmx:after:swap", () => {
    const field = document.getElementById("comment");
    if (!said || !field || all("#comments li").length <= said.before) return;
    if (field.value === said.text) field.value = "";
    said = null;
  });
  const offer = (area) => {
    const before = area.value.slice(0, area.selectionStart);
    const typed = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][^@\n]{0,40})?$/u.exec(before);
    close(area);
    if (!typed) return;
    const words = (typed[1] ?? "").toLowerCase();
    const options = [...(document.getElementById(area.dataset.mentions)?.options ?? [])].filter((one) => one.value);
    const fitting = options.filter((one) => one.label.toLowerCase().split(/\s+/).some((part) => part.startsWith(words)) || one.label.toLowerCase().startsWith(words)).slice(0, 8);
    if (fitting.length === 0) return;
    const list = document.createElement("ul");
    list.className = "names";
    list.id = `${area.id}-names`;
    list.role = "listbox";
    list.ariaLabel = document.getElementById(area.dataset.mentions).dataset.people;
    for (const [at, one] of fitting.entries()) {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `${area.id}-name-${at}`;
      item.textContent = one.label;
      item.ariaSelected = at === 0 ? "true" : "false";
      /* a name that two people have is written by number */
      item.dataset.text = options.filter((other) => other.label === one.label).length > 1 ? one.value : `@${one.label}`;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(area, item); });
      list.append(item);
    }
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-activedescendant", `${area.id}-name-0`);
    area.dataset.from = String(area.selectionStart - (typed[1] ?? "").length - 1);
  };
  const listOf = (area) => document.getElementById(`${area.id}-names`);
  const close = (area) => { listOf(area)?.remove(); area.removeAttribute("aria-controls"); area.removeAttribute("aria-activedescendant"); };
  const choose = (area, item) => {
    area.setRangeText(`${item.dataset.text} `, Number(area.dataset.from), area.selectionStart, "end");
    close(area);
    area.focus();
  };
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-mentions]")) offer(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-mentions]")) close(event.target); });
  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!area.matches?.("[data-mentions]")) return;
    const list = listOf(area);
    if (!list) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); area.form.requestSubmit(); }
      return;
    }
    const items = all("li", list), at = items.findIndex((one) => one.ariaSelected === "true");
    const mark = (next) => {
      items.forEach((one, index) => { one.ariaSelected = index === next ? "true" : "false"; });
      area.setAttribute("aria-activedescendant", items[next].id);
    };
    if (event.key === "ArrowDown") mark((at + 1) % items.length);
    else if (event.key === "ArrowUp") mark((at + items.length - 1) % items.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(area, items[at]);
    else if (event.key === "Escape") { close(area); event.stopPropagation(); }
    else return;
    event.preventDefault();
  });
})();
