/* A questionnaire that several people fill at once: what others answer shows itself, an answer that could not be saved
   says so and is tried again, tables get rows in place. Everything essential works without it.
   Sections: what is typed, saved or not, what others do, who is here, tables. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const main = find("main[data-events]");
  if (!main) return;

  /* what is typed: a form knows what of it is saved, so that nobody's answer replaces what somebody is writing */
  const FORM = ".question > form[id^=form-]";
  const saved = new WeakMap(), sent = new WeakMap(), trying = new Set();
  const written = (form) => {
    const data = new FormData(form);
    data.delete("version");
    return new URLSearchParams(data).toString();
  };
  const know = (root = document) => { for (const form of all(FORM, root)) if (!saved.has(form)) saved.set(form, written(form)); };
  const isBusy = (question) => {
    const form = find("form[id^=form-]", question);
    return Boolean(find("[data-clash]", question)) || trying.has(question.id)
      || Boolean(form && saved.has(form) && saved.get(form) !== written(form))
      || all(".asides details[open] :is(input, textarea)", question).some((one) => one.value !== one.defaultValue);
  };
  know();

  /* saved or not: the head of the page says it for all of them */
  const notSaved = new Set();
  const tell = () => {
    const place = find("#saved");
    if (!place) return;
    place.toggleAttribute("data-failed", notSaved.size > 0);
    const note = find("#not-saved");
    if (note) note.hidden = notSaved.size === 0;
    place.hidden = notSaved.size > 0;
  };
  const questionOf = (ctx) => ctx?.sourceElement?.closest?.(".question");
  document.addEventListener("htmx:before:request", (event) => {
    const ctx = event.detail?.ctx, question = questionOf(ctx);
    if (!question) return;
    trying.add(question.id);
    if (ctx.sourceElement.matches(FORM)) sent.set(ctx.sourceElement, written(ctx.sourceElement));
  });
  const settle = (question, form, isSaved) => {
    trying.delete(question.id);
    if (isSaved) notSaved.delete(question.id); else notSaved.add(question.id);
    if (isSaved && form && sent.has(form)) saved.set(form, sent.get(form));
  };
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail?.ctx, question = questionOf(ctx);
    if (!question) return;
    const status = ctx.response?.status ?? ctx.response?.raw?.status ?? 0;
    settle(question, ctx.sourceElement.matches(FORM) ? ctx.sourceElement : null, status >= 200 && status < 300);
    tell();
  });
  document.addEventListener("htmx:error", (event) => {
    const question = questionOf(event.detail?.ctx);
    if (!question || event.detail.ctx.response) return;
    settle(question, null, false);
    tell();
  });
  /* what could not be sent is sent again: when somebody says so, and when the network is back */
  const again = () => {
    for (const id of [...notSaved]) {
      const form = find(`#${CSS.escape(id)} > form[id^=form-]`);
      if (!form) continue;
      if (saved.get(form) !== written(form)) { form.requestSubmit(); continue; }
      /* it says again what is saved: there is nothing left to send */
      if (find("[data-clash], .error", form.parentElement)) continue;
      notSaved.delete(id);
      find("[data-unsaved]", form).hidden = true;
    }
    tell();
  };
  find("#not-saved button")?.addEventListener("click", again);
  addEventListener("online", again);
  addEventListener("beforeunload", (event) => { if (notSaved.size > 0) event.preventDefault(); });

  /* what has just been answered is marked in the preview */
  const fresh = new Set();
  const mark = () => {
    for (const key of fresh) for (const link of all(`#preview-text a.fill[href="#q-${CSS.escape(key)}"]:not(.gap)`)) link.classList.add("fresh");
  };
  /* the forms beside the answer go on from the version that was just made; what was offered is settled */
  const settled = (question) => {
    const now = version(question);
    for (const input of all(".asides [name=version]", question)) input.value = now;
    find("[data-withdraw]", question)?.toggleAttribute("hidden", !now);
    for (const offer of all("[data-offer]", question)) offer.remove();
  };
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail?.ctx, question = questionOf(ctx);
    /* a question that was replaced whole is not the one that asked any more */
    if (question && ctx.response?.status === 200) {
      fresh.add(question.id.slice(2));
      if (question.isConnected && ctx.sourceElement.matches(FORM)) settled(question);
    }
    know();
    mark();
    cells();
    tell();
  });

  /* what others do: a hint names a question, and the page fetches what changed of it */
  const BY_ITSELF = { headers: { "muster-by-itself": "1", "hx-request": "true" } };
  const replace = (here, there) => {
    const focused = here.contains(document.activeElement) ? document.activeElement.id : "";
    here.replaceWith(there);
    window.htmx?.process(there);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const version = (question) => find(".state [name=version]", question)?.value ?? "";
  const words = (question) => find(".state", question)?.textContent.replace(/\s+/g, " ") ?? "";
  const take = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const there of all(".question", page)) {
      const here = document.getElementById(there.id);
      if (!here || isBusy(here) || (version(here) === version(there) && words(here) === words(there))) continue;
      if (version(here) !== version(there)) fresh.add(there.id.slice(2));
      replace(here, there);
    }
    for (const there of all("#progress, #preview-text, #document, #saved, [id^=part-][id$=-tally]", page)) {
      const here = document.getElementById(there.id);
      if (here && !here.contains(document.activeElement)) replace(here, there);
    }
    know();
    mark();
    tell();
  };
  const wanted = new Set();
  let fetching = false;
  const load = async (address) => {
    const answer = await fetch(address, BY_ITSELF);
    if (answer.ok && !answer.redirected) take(await answer.text());
  };
  const fetchWanted = async () => {
    if (fetching) return;
    fetching = true;
    try {
      while (wanted.size > 0) {
        const keys = [...wanted];
        wanted.clear();
        /* many at once are one look at the whole page */
        if (keys.includes("*") || keys.length > 8) await load(location.pathname + location.search);
        else for (const key of keys) await load(`${main.dataset.base}/questions/${encodeURIComponent(key)}${location.search}`);
      }
    } catch { /* the next hint, or the next connection, brings it */ } finally { fetching = false; }
  };
  const want = (key) => { wanted.add(key); setTimeout(fetchWanted, 150); };
  const mine = `answer ${main.dataset.base.split("/")[2]}/${main.dataset.base.split("/")[4]}/`;
  const keyOf = (subject) => {
    if (subject.startsWith(mine)) return subject.slice(mine.length);
    if (!subject.startsWith("task ")) return null;
    return find(`.question[data-task="${CSS.escape(subject.slice(5))}"]`)?.id.slice(2) ?? null;
  };

  /* who is here */
  const here = find("#present");
  const present = (people) => {
    if (!here) return;
    here.replaceChildren();
    if (people.length === 0) return;
    const words = document.createElement("span");
    words.className = "sr";
    words.textContent = `${here.dataset.words} ${people.map((one) => one.name).join(", ")}`;
    here.append(words);
    for (const one of people.slice(0, 8)) {
      const avatar = document.createElement("span");
      avatar.className = one.is_firm ? "avatar" : "avatar customer";
      avatar.textContent = one.initials;
      avatar.title = one.name;
      avatar.ariaHidden = "true";
      here.append(avatar);
    }
    if (people.length > 8) here.append(`+${people.length - 8}`);
  };

  let seen = Number(main.dataset.version);
  const source = new EventSource(main.dataset.events);
  const listen = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  listen("hello", (told) => { if (told.workspace_version > seen) want("*"); seen = told.workspace_version; });
  listen("missed", () => want("*"));
  listen("presence", (told) => present(told.people));
  listen("changed", (told) => {
    seen = told.workspace_version;
    if (told.has_more) { want("*"); return; }
    for (const key of told.subjects.map(keyOf)) if (key) want(key);
  });
  source.addEventListener("error", () => present([]));
  addEventListener("pagehide", () => source.close());

  /* tables: rows come and go in place, and a row that is left is saved */
  const number = (body) => {
    all("tr", body).forEach((row, at) => {
      for (const control of all("[data-column]", row)) {
        control.name = `cell-${at}-${control.dataset.column}`;
        control.id = `c-${body.dataset.rows}-${at}-${control.dataset.column}`;
        control.ariaLabel = control.ariaLabel.replace(/\d+$/, String(at + 1));
      }
      const remove = find("[data-remove]", row);
      remove.value = String(at);
      remove.ariaLabel = `${remove.dataset.label} ${at + 1}`;
    });
  };
  const addRow = (body) => {
    const rows = all("tr", body);
    const row = rows[rows.length - 1].cloneNode(true);
    for (const control of all("[data-column]", row)) {
      if (control.matches("select")) control.selectedIndex = 0; else control.value = "";
      control.defaultValue = "";
      control.removeAttribute("aria-invalid");
    }
    all(".error", row).forEach((error) => error.remove());
    body.append(row);
    number(body);
    find("[data-column]", row).focus();
  };
  const leave = (form) => { if (saved.get(form) !== written(form)) form.dispatchEvent(new Event("row-left", { bubbles: true })); };
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove]");
    if (!add && !remove) return;
    event.preventDefault();
    if (add) { addRow(find(`[data-rows="${CSS.escape(add.dataset.addRow)}"]`)); return; }
    const row = remove.closest("tr"), body = row.parentElement;
    const beside = row.nextElementSibling ?? row.previousElementSibling;
    if (beside) row.remove();
    else for (const control of all("[data-column]", row)) control.value = "";
    number(body);
    find("[data-column]", beside ?? row).focus();
    leave(body.closest("form"));
  });
  document.addEventListener("focusout", (event) => {
    const row = event.target.closest?.(".grid-input tr");
    if (row && !row.contains(event.relatedTarget)) leave(row.closest("form"));
  });
  /* the cells that a refusal names are marked where they stand */
  const cells = () => {
    for (const state of all(".question .state")) {
      const form = state.closest("form");
      if (!form || !find(".grid-input", form)) continue;
      const named = new Set(all("[data-cell]", state).map((one) => one.dataset.cell));
      for (const control of all("[data-column]", form)) control.toggleAttribute("aria-invalid", false);
      for (const name of named) find(`[name="${CSS.escape(name)}"]`, form)?.setAttribute("aria-invalid", "true");
    }
  };
})();
