/* Muster. What makes the pages quicker to use; everything essential works without it.
   Sections: storage, messages, failed requests, drawer, folds, focus after a swap, template editor, keyboard, theme. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* storage: a browser may refuse it, then nothing is remembered */
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* not remembered */ } };

  for (const element of all("[data-scripted]")) element.hidden = false;

  /* messages: a toast that reports success goes away, one that offers something stays longer */
  let again = null;
  const fade = (toast) => setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); else fade(toast); }, find("form, [data-retry]", toast) ? 12000 : 6000);
  const said = () => {
    for (const element of all("#toasts [data-dismiss]")) element.hidden = false;
    all("#toasts .toast").forEach(fade);
  };
  said();
  const failed = (retry) => {
    again = retry;
    const toast = find("#failed").content.cloneNode(true);
    const place = find("#toasts");
    place.replaceChildren(toast);
  };
  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".toast").remove();
    const retry = event.target.closest("[data-retry]");
    if (retry) { retry.closest(".toast").remove(); again?.(); }
  });

  /* requests that fail: the page stays as it is and says so. An answer that is a page of its own (an error, a conflict,
     the sign-in) is shown as that page instead of being cut into this one. */
  const repeat = (ctx) => () => {
    const source = ctx.sourceElement;
    if (!source?.isConnected) return;
    if (source.requestSubmit) source.requestSubmit(ctx.request?.submitter ?? undefined);
    else source.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail?.ctx;
    if (!ctx?.response || !ctx.select || event.detail.tasks?.some((task) => task.type === "partial")) return;
    const page = new DOMParser().parseFromString(ctx.text ?? "", "text/html");
    if (find(ctx.select, page)) return;
    event.preventDefault();
    if (!find("main", page)) { failed(repeat(ctx)); return; }
    document.title = page.title;
    document.body.className = page.body.className;
    document.body.replaceChildren(...page.body.childNodes);
    window.htmx?.process(document.body);
    window.scrollTo(0, 0);
    find("#main")?.focus();
  });
  /* a move comes back to what is seen now: filters and the drawer change the address without a new page */
  document.addEventListener("click", (event) => {
    const next = event.target.closest("[form=moves]") && find("#moves [name=next]");
    if (next) next.value = location.pathname + location.search;
  }, true);
  /* a filter that is not set does not belong into the address */
  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (request.method !== "GET" || !sourceElement.matches?.("form") || !request.body?.delete) return;
    for (const [name, value] of [...request.body]) if (value === "") request.body.delete(name);
  });
  /* what waited for the request before it meets the page as that one left it: its target was swapped, and its answer
     goes on from the version that was just made */
  document.addEventListener("htmx:before:request", (event) => {
    const ctx = event.detail?.ctx;
    if (ctx?.target?.id && !ctx.target.isConnected) ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
    const version = ctx?.sourceElement?.matches?.(".question form") && find("[name=version]", ctx.sourceElement);
    if (version && ctx.request.body?.set) ctx.request.body.set("version", version.value);
  });
  document.addEventListener("htmx:error", (event) => {
    const ctx = event.detail?.ctx;
    if (ctx && !ctx.response) {
      const state = ctx.sourceElement?.closest?.(".question")?.querySelector("[data-unsaved]");
      if (state) state.hidden = false;
      failed(repeat(ctx));
    }
  });

  /* drawer: opened without loading the page, closed with Escape, focus comes back to the row */
  const open = async (href, focus = "#drawer") => {
    if (!window.htmx || !find("#drawer")) { location.assign(href); return; }
    await window.htmx.ajax("GET", href.split("#")[0], { target: "#drawer", select: "#drawer", swap: "outerHTML", headers: { "HX-Target": "aside#drawer" } });
    history.pushState(null, "", href);
    mark();
    (find(focus) ?? find("#drawer"))?.focus({ preventScroll: focus === "#drawer" });
    sheet();
  };
  /* a part of the task of a row: of the one in the drawer, or of one that is opened for it */
  const reach = (focus, row = document.activeElement?.closest(".task") ?? find(".task[aria-current]")) => {
    const link = row && find(".what a", row);
    const isOpen = find("#drawer:not([hidden])") && (!row || row.matches("[aria-current]"));
    if (isOpen) find(focus)?.focus();
    else if (link) open(link.getAttribute("href"), focus);
  };
  const mark = () => {
    const id = new URL(location.href).searchParams.get("task");
    for (const row of all(".task[aria-current]")) row.removeAttribute("aria-current");
    if (id) document.getElementById(`t-${id}`)?.setAttribute("aria-current", "true");
  };
  const close = () => {
    const drawer = find("#drawer:not([hidden])");
    if (!drawer) return false;
    const row = find(".task[aria-current]");
    const href = find("[data-close]", drawer)?.getAttribute("href");
    drawer.hidden = true;
    drawer.replaceChildren();
    row?.removeAttribute("aria-current");
    if (href) history.pushState(null, "", href);
    sheet();
    (find(".what a", row ?? document) ?? find("#main"))?.focus();
    return true;
  };
  /* the form for a new task comes and goes in place */
  const refresh = (link) => {
    const href = link.getAttribute("href");
    const home = link.closest("details")?.id;
    window.htmx.ajax("GET", href.split("#")[0], { target: "#workspace", select: "#workspace", swap: "outerMorph" }).then(() => {
      history.pushState(null, "", href.split("#")[0] === "?" ? location.pathname : href);
      if (!find("#add")) find("[data-add]", (home && document.getElementById(home)) || document)?.focus();
    });
  };
  /* as a sheet over the page, the drawer holds the focus */
  const narrow = matchMedia("(width < 75rem)");
  const sheet = () => {
    const shown = Boolean(find("#drawer:not([hidden])")) && narrow.matches;
    for (const element of all("#main, #outline, .topbar")) element.inert = shown;
  };
  narrow.addEventListener("change", sheet);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a");
    if (!link) return;
    const href = link.getAttribute("href") ?? "";
    if (link.matches("[data-close]")) { event.preventDefault(); close(); }
    else if (link.matches("[data-add], [data-cancel-add]") && window.htmx && find("#workspace")) { event.preventDefault(); refresh(link); }
    else if (find("#drawer") && /[?&]task=[^&#]+#task$/.test(href)) { event.preventDefault(); open(href); }
  });
  addEventListener("popstate", () => location.reload());

  /* folds: what a person folded or unfolded stays so, in this browser */
  const foldKey = (fold) => `fold:${location.pathname}#${fold.id}`;
  const folds = (root = document) => {
    for (const fold of all("details.node[id], details.more[id]", root)) {
      const kept = recall(foldKey(fold));
      if (kept !== null) fold.open = kept === "1";
    }
    const here = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    for (let fold = here?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  };
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    const fold = summary?.parentElement;
    if (fold?.matches("details.node[id], details.more[id]")) setTimeout(() => remember(foldKey(fold), fold.open ? "1" : "0"));
  });
  addEventListener("hashchange", () => folds());
  /* a menu closes when something else is pressed */
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  /* after a swap the focus stays where it was, or where it has gone on to meanwhile; if that row went away, it goes to
     the next one. A cell that stands open goes before the button that opens it, and what has no place of its own in a row
     before its status. */
  let from = null, beside = false;
  const places = (element) => {
    const cell = element.closest("[data-cell]")?.dataset.cell;
    const own = cell ? [`.cell[data-cell="${cell}"] :is(input:not([type=hidden]), select)`, `.edit[data-cell="${cell}"]`] : [".pick input", ".what a"].filter((one) => element.matches(one));
    return [...own, ".status"];
  };
  document.addEventListener("htmx:before:request", (event) => {
    beside = Boolean(find("#drawer")?.contains(document.activeElement));
    const button = event.detail?.ctx?.request?.submitter ?? document.activeElement;
    const row = button?.closest?.(".task");
    from = row && { id: row.id, places: places(button), next: row.nextElementSibling?.id, list: row.parentElement?.closest("details")?.id };
  });
  document.addEventListener("htmx:after:swap", () => {
    folds();
    mark();
    sheet();
    said();
    for (const element of all("[data-scripted]")) element.hidden = false;
    const typed = find("[autofocus]", find("#workspace") ?? document);
    if (typed) { typed.focus(); typed.removeAttribute("autofocus"); from = null; return; }   /* once: later swaps leave the focus alone */
    if (beside && document.activeElement === document.body) find("#drawer:not([hidden])")?.focus({ preventScroll: true });
    if (!from || document.activeElement !== document.body) { from = null; return; }
    const visible = (id) => { const row = id && document.getElementById(id); return row?.checkVisibility?.() === false ? null : row; };
    const row = visible(from.id) ?? visible(from.next);
    const place = row ? from.places.map((one) => find(one, row)).find(Boolean) : find(".status");
    (place ?? document.getElementById(from.list)?.querySelector("[data-add], summary"))?.focus({ preventScroll: true });
    from = null;
  });

  /* template editor: pieces go in where the cursor stands, a line that is named is shown, and nothing typed is lost on the way out */
  let caret = null, kept = null, written = false;
  document.addEventListener("focusout", (event) => { if (event.target.id === "body") caret = [event.target.selectionStart, event.target.selectionEnd]; });
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#draft") || event.target.name === "sections") return;
    written = true;
    find("#state [data-unsaved]").hidden = false;
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("#draft, .asking")) written = false; });
  addEventListener("beforeunload", (event) => { if (written && find("#draft")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const area = find("#body");
    const piece = event.target.closest("[data-insert]");
    const line = event.target.closest("[data-line]");
    const fold = event.target.closest("[data-fold-up]")?.closest(".unfolded");
    if (fold) { event.preventDefault(); fold.replaceChildren(); }
    if (!area) return;
    if (piece) {
      const [from, to] = caret ?? [area.value.length, area.value.length];
      const text = piece.dataset.insert;
      const block = text.includes("\n") && from > 0;
      const before = block ? "\n".repeat(Math.max(0, 2 - /\n*$/.exec(area.value.slice(0, from))[0].length)) : "";
      area.setRangeText(before + text, from, to, "end");
      caret = [area.selectionEnd, area.selectionEnd];
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (line) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, line.dataset.line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[line.dataset.line - 1]?.length ?? 0));
      area.scrollTop = area.scrollHeight * (start / Math.max(1, area.value.length)) - area.clientHeight / 2;
    }
  });
  document.addEventListener("htmx:before:swap", () => {
    const area = find("#body");
    kept = area && { area, top: area.scrollTop, from: area.selectionStart, to: area.selectionEnd };
  });
  document.addEventListener("htmx:after:swap", () => {
    const area = find("#body");
    if (!area) return;
    written = Boolean(find("#state [data-unsaved]:not([hidden])"));
    if (!kept || kept.area === area) return;
    area.scrollTop = kept.top;
    area.setSelectionRange(kept.from, kept.to);
  });

  /* keyboard: off while typing, and for whoever switched it off */
  const toggle = find("#keys-enabled");
  if (toggle) {
    toggle.checked = recall("keys") !== "off";
    toggle.addEventListener("change", () => remember("keys", toggle.checked ? null : "off"));
  }
  const rows = () => all(".task").filter((row) => row.checkVisibility?.() ?? true);
  const step = (by) => {
    const list = rows();
    const now = document.activeElement?.closest(".task") ?? find(".task[aria-current]");
    const at = list.indexOf(now);
    const row = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
    const link = row && find(".what a", row);
    if (!link) return;
    link.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const fold = (shut) => {
    const node = document.activeElement?.closest(shut ? "details[open]" : "details");
    if (!node) return;
    node.open = !shut;
    if (node.id) remember(foldKey(node), shut ? "0" : "1");
    if (shut) find("summary", node)?.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    d: () => find(".status:is(button, a)", document.activeElement?.closest(".task") ?? document.createElement("p"))?.click(),
    x: () => find(".pick input", document.activeElement?.closest(".task") ?? document.createElement("p"))?.click(),
    c: () => reach("#comment"),
    a: () => (find(".pick :checked") ? find("#bulk-assign")?.click() : reach("#quick-who")),
    e: () => reach("#task-evidence :is(input, textarea, summary, a)"),
    n: () => (document.activeElement?.closest("details") && find(":scope > .foot [data-add]", document.activeElement.closest("details")) || find("[data-add]"))?.click(),
    "[": () => fold(true),
    "]": () => fold(false),
    "/": () => (find("#main input[type=search]") ?? find("#find"))?.focus(),
    "?": () => find("#shortcuts")?.togglePopover(),
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && !event.defaultPrevented) {
      const menu = find("details.menu[open]");
      if (menu) { menu.open = false; find("summary", menu).focus(); return; }
      if (find("[popover]:popover-open")) return;
      const add = target.closest("#add");   /* what was typed is not thrown away */
      if (add && !find("[name=title]", add).value.trim()) { find("[data-cancel-add]", add)?.click(); return; }
      if (target.matches("input, select, textarea") && !find("#drawer")?.contains(target)) return;
      close();
      return;
    }
    if (recall("keys") === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
    if (Date.now() - going < 1200) {
      going = 0;
      const link = find(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key === "g") { going = Date.now(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  folds();
  sheet();
  const first = find("[autofocus]");   /* a browser ignores it when the address has a fragment */
  if (first) first.focus();
  else if (find("#drawer:not([hidden])")) find("#drawer").focus({ preventScroll: true });
})();
