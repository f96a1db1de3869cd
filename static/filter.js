// Narrows the list of roles as one types, and opens a role from the keyboard. Without it the form asks the server.
"use strict";
(() => {
  const field = document.getElementById("q");
  const board = document.getElementById("board");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  if (!field || !board || !count || !none) return;

  const fold = (text) => text.toLowerCase();
  const accounts = Array.from(board.children, (item) => ({
    item,
    text: fold(item.querySelector(".plate").textContent),
    roles: Array.from(item.querySelectorAll(".roles > li"), (role) => ({
      item: role,
      link: role.querySelector("a"),
      // what the server looks at, too: the link to keys says the same in every row
      text: fold(Array.from(role.querySelectorAll(":scope > :not(.keys)"), (part) => part.textContent).join(" ")),
    })),
  }));
  let visible = [];
  let current = -1;

  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const select = (index) => {
    visible[current]?.item.classList.remove("current");
    current = index;
    const role = visible[current];
    if (!role) return;
    role.item.classList.add("current");
    role.item.scrollIntoView({ block: "nearest" });
  };

  const narrow = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    select(-1);
    visible = [];
    let shown = 0;
    for (const account of accounts) {
      const rest = words.filter((word) => !account.text.includes(word));
      const before = visible.length;
      for (const role of account.roles) {
        const fits = rest.every((word) => role.text.includes(word));
        role.item.hidden = !fits;
        if (fits) visible.push(role);
      }
      account.item.hidden = visible.length === before;
      if (visible.length > before) shown += 1;
    }
    count.textContent = `${plural(visible.length, "role")} in ${plural(shown, "account")}`;
    none.hidden = visible.length > 0;
    if (words.length > 0 && visible.length > 0) select(0);
  };

  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = current + step;
      if (next >= 0 && next < visible.length) select(next);
      event.preventDefault();
    } else if (event.key === "Escape" && field.value !== "") {
      field.value = "";
      narrow();
      event.preventDefault();
    } else if (event.key === "Enter") {
      // the form would ask the server for what is already on the page
      event.preventDefault();
      const link = visible[current]?.link;
      if (!link) return;
      if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
      else link.click();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    const palette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (palette || (event.key === "/" && !typing)) {
      field.focus();
      field.select();
      event.preventDefault();
    }
  });
  field.form.querySelector("button").hidden = true;
  field.form.addEventListener("submit", (event) => event.preventDefault());
  narrow();
})();
