// Shows what of the portal's roles a text finds, as one types, and opens them from the keyboard. Without it the form asks
// the server. Everything is read from the page, once, when it is first needed; nothing is asked of the server.
"use strict";
(() => {
  const { fold, mannerOf, marksOf, search } = finding;
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const said = document.getElementById("said");
  const star = document.getElementById("star");
  // not there where the server has searched: then the rows are its own, and other words are its business
  const all = document.getElementById("all");
  if (!field || !found || !count || !none || !said || !star) return;
  const words = { ...count.dataset, ...found.dataset };
  const atFirst = { count: count.textContent, text: field.value };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // What can be found: read from the board.

  const folds = new Map();
  const foldOnce = (text, field) => {
    // the manner is part of what is known of a text
    const key = `${mannerOf(field)} ${text}`;
    let known = folds.get(key);
    if (!known) {
      known = Object.assign(fold(text), { text });
      folds.set(key, known);
    }
    return known;
  };
  const FIELDS = { account: "h3", alias: ".alias", label: ".label", id: ".id", environment: ".environment", partition: ".partition" };
  const readAccount = (item) => ({
    environment: item.classList[1],
    texts: Object.entries(FIELDS).flatMap(([field, selector]) => Array.from(item.querySelectorAll(selector),
      (part) => [field, foldOnce(part.textContent, field)])),
    roles: Array.from(item.querySelectorAll(".roles > li"), (row) => {
      const what = row.children[1].firstChild;
      return {
        row,
        name: foldOnce(row.firstChild.textContent, "role"),
        description: foldOnce(what?.nodeType === Node.TEXT_NODE ? what.data.trimEnd() : "", "description"),
        used: Number(row.dataset.used ?? 0),
        isFavourite: row.lastChild.name === "remove",
      };
    }),
  });
  let board;
  const read = () => (board ??= Array.from(document.querySelectorAll("#board > .account"), readAccount));

  // What was found.

  let rows = [];
  let current = -1;

  const marked = (textual, marks) => {
    const parts = [];
    let from = 0;
    for (const [start, end] of marks.get(textual) ?? []) {
      if (end <= from) continue;
      const mark = parts.at(-1);
      if (mark && start <= from) {
        mark.textContent += textual.text.slice(from, end);
      } else {
        parts.push(textual.text.slice(from, start), element("mark", { textContent: textual.text.slice(start, end) }));
      }
      from = end;
    }
    return [...parts, textual.text.slice(from)];
  };
  // A row of the board, with its account, and the letters that were found marked.
  const rowOf = ({ account, role, ...hit }, at, typed) => {
    const marks = marksOf(hit, typed);
    const cell = element("div", { className: `hit ${account.environment ?? ""}`, id: `found-${at}`, role: "gridcell" });
    cell.append(...role.row.cloneNode(true).childNodes);
    // a button that belongs to a form of thousands is slow to put into a page and to take out: the row's own does its work
    const own = role.row.lastChild;
    cell.lastChild.removeAttribute("form");
    cell.lastChild.addEventListener("click", () => star.requestSubmit(own));
    const [link, what] = cell.children;
    link.replaceChildren(...marked(role.name, marks));
    if (role.description.text) what.firstChild.replaceWith(...marked(role.description, marks), " ");
    const where = element("span", { className: "where" });
    for (const shown of ["account", "environment", "id", "alias", "partition", "label"]) {
      for (const [field, textual] of account.texts) {
        if (field !== shown || (field === "label" && !marks.has(textual))) continue;
        const name = field === "account" || field === "environment" ? "b" : "span";
        where.append(element(name, { className: field === "account" ? "" : field }, ...marked(textual, marks)), " ");
      }
    }
    link.after(where);
    furnish(cell);
    return element("div", { className: "row", role: "row", ariaSelected: "false" }, cell);
  };
  const select = (at, isFar) => {
    if (rows[current]) rows[current].ariaSelected = "false";
    current = at;
    const row = rows[at];
    if (!row) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    row.ariaSelected = "true";
    field.setAttribute("aria-activedescendant", row.firstChild.id);
    if (isFar) row.scrollIntoView({ block: "nearest" });
  };
  const counted = (one, many, n) => (n === 1 ? one : many).replace("%n", n);
  const show = () => {
    const result = search(read(), field.value);
    all.hidden = result !== null;
    found.hidden = !result || result.roles === 0;
    none.hidden = !result || result.roles > 0;
    field.ariaExpanded = String(!found.hidden);
    rows = result ? result.hits.map((hit, at) => rowOf(hit, at, result.words)) : [];
    const grid = element("div", { className: "roles apart", id: "found-rows", role: "grid", ariaLabel: words.label }, ...rows);
    found.replaceChildren(grid);
    if (result && result.roles > rows.length) {
      found.append(element("p", { className: "more", textContent: words.more.replace("%n", result.roles - rows.length) }));
    }
    count.textContent = result === null ? atFirst.count : words.summary
      .replace("%r", counted(words.role, words.roles, result.roles))
      .replace("%a", counted(words.account, words.accounts, result.accounts));
    current = -1;
    select(rows.length > 0 ? 0 : -1);
  };

  // Links to copy.

  const furnish = (part) => {
    if (!navigator.clipboard) return;
    for (const button of part.querySelectorAll("button[name]")) {
      if (button.previousSibling.className === "copy") continue;
      const name = element("span", { className: "unseen", textContent: `: ${button.parentNode.firstChild.textContent}` });
      button.before(element("button", { type: "button", className: "copy" }, words.copy, name));
    }
  };
  const copy = async (button) => {
    const link = button.parentNode.firstChild;
    // the plain link, whatever this person likes it to open like
    const address = link.origin + link.pathname;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      window.prompt(words.copy, address);
      return;
    }
    button.firstChild.data = words.copied;
    said.textContent = words.copied;
    setTimeout(() => {
      button.firstChild.data = words.copy;
      said.textContent = "";
    }, 3000);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".copy");
    if (button) copy(button);
  });
  document.addEventListener("toggle", (event) => furnish(event.target), true);

  // Keys.

  // what is meant to be opened and not looked for: an address, an ARN, an account's digits (src/domain/pasted)
  const isPlace = (text) => /^(https?:\/\/|arn:|\d{12}$|\d{4}-\d{4}-\d{4}$)/i.test(text);
  const open = (link, elsewhere) => {
    if (elsewhere) window.open(link.href, "_blank", "noopener");
    else link.click();
  };
  // Links that one can walk over where nothing is being looked for.
  const walk = (from, step) => {
    const links = all?.hidden ? [] : Array.from(document.querySelectorAll("#found li, .kept li, .account[open] li"), (row) => row.firstChild);
    const next = from === field ? (step > 0 ? 0 : -1) : links.indexOf(from) + step;
    (links[next] ?? (next < 0 ? field : from)).focus();
  };
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) {
      if (rows.length === 0) walk(field, step);
      else if (rows[current + step]) select(current + step, true);
    } else if (key === "Escape" && field.value !== "") {
      field.value = "";
      if (all) show();
    } else if (key === "Enter" && !event.isComposing && isPlace(field.value.trim())) {
      const place = element("a", { href: `/open?url=${encodeURIComponent(field.value.trim())}` });
      open(place, event.ctrlKey || event.metaKey);
    } else if (key === "Enter" && !event.isComposing && (all || field.value === atFirst.text)) {
      const link = rows[current]?.firstChild.firstChild ?? (all ? null : found.querySelector("li > a"));
      if (link) open(link, event.ctrlKey || event.metaKey);
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const wanted = key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (wanted || (key === "/" && target !== field && !event.ctrlKey && !event.metaKey)) {
      field.focus();
      field.select();
      event.preventDefault();
    } else if ((key === "ArrowDown" || key === "ArrowUp") && target.matches?.("li > a:first-child")) {
      walk(target, key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    }
  });

  // A star is a form of its own: afterwards the page stands where it stood.

  const KEPT = "vestibule-portal";
  star.addEventListener("submit", ({ submitter }) => {
    const opened = Array.from(document.querySelectorAll(".account[open] .id"), (id) => id.textContent);
    const kept = { text: field.value, star: submitter.value, opened, y: scrollY };
    if (all) sessionStorage.setItem(KEPT, JSON.stringify(kept));
  });
  const restore = () => {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!kept) return;
    const { text, star, opened, y } = JSON.parse(kept);
    for (const id of document.querySelectorAll(".account .id")) {
      if (opened.includes(id.textContent)) id.closest("details").open = true;
    }
    field.value = text;
    if (text) show();
    const value = `button[value="${CSS.escape(star)}"]`;
    (found.querySelector(value) ?? document.querySelector(`.account[open] ${value}`) ?? document.querySelector(`.kept ${value}`))
      ?.focus({ preventScroll: true });
    scrollTo(0, y);
  };

  for (const part of document.querySelectorAll("#found, .kept, .account[open]")) furnish(part);
  if (all) {
    field.form.querySelector("button").hidden = true;
    field.form.addEventListener("submit", (event) => event.preventDefault());
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-haspopup", "grid"],
      ["aria-controls", "found"], ["aria-expanded", "false"]]) field.setAttribute(name, value);
    field.addEventListener("input", show);
    (window.requestIdleCallback ?? setTimeout)(read);
    restore();
    // what was typed before the script came, or what a browser filled in again
    if (field.value !== "" && rows.length === 0) show();
  }
})();
