// Boxes with data-suggestions="address" offer ways to go on from what is typed, in the listbox of their form.
for (const box of document.querySelectorAll("input[data-suggestions]")) {
  const list = box.form.querySelector("[role=listbox]");
  const said = box.form.querySelector("[role=status]");
  let [later, asking, composing, answered, active] = [0, new AbortController(), false, null, null];

  const activate = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    if (!active) return box.removeAttribute("aria-activedescendant");
    active.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  };
  const show = (count) => {
    activate(null);
    list.hidden = !count;
    box.setAttribute("aria-expanded", String(count > 0));
    said.textContent = count > 1 ? said.dataset.several.replace("%s", count) : count ? said.dataset.one : "";
  };
  const close = () => {
    clearTimeout(later);
    asking.abort();
    show(0);
  };
  const choose = ({ text, address }) => {
    close();
    if (address) return location.assign(address);
    box.value = text;
    box.form.requestSubmit();
  };
  const offer = (suggestion, index) => {
    const option = document.createElement("li");
    const [words, label] = [document.createElement("span"), document.createElement("span")];
    words.textContent = suggestion.text;
    if (/[\p{Script=Han}a-z]/iu.test(suggestion.text)) {
      words.lang = /\p{Script=Han}/u.test(suggestion.text) ? "zh-Hans" : "en";
    }
    label.className = "suggestion-label";
    label.textContent = suggestion.label;
    option.id = `${list.id}-${index + 1}`;
    option.className = suggestion.address ? "suggestion suggestion-page" : "suggestion";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(words, " ", label);
    option.addEventListener("click", () => choose(suggestion));
    return option;
  };
  const ask = async () => {
    const [words, { signal }] = [box.value, (asking = new AbortController())];
    try {
      const address = new URL(box.dataset.suggestions, location);
      address.searchParams.set("q", words);
      const response = await fetch(address, { signal });
      const { suggestions } = await response.json();
      list.replaceChildren(...suggestions.map(offer));
      answered = words;
      show(suggestions.length);
    } catch {
      if (!signal.aborted) close();
    }
  };
  const askLater = () => {
    clearTimeout(later);
    asking.abort();
    activate(null);
    if (!box.value.trim()) return close();
    later = setTimeout(ask, 150);
  };

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => composing || askLater());
  // An input method shows its own candidates where the list would be.
  box.addEventListener("compositionstart", () => {
    composing = true;
    close();
  });
  box.addEventListener("compositionend", () => {
    composing = false;
    askLater();
  });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    // Some browsers tell of a composition's end before the key that ended it: 229.
    const composed = composing || event.isComposing || event.keyCode === 229;
    if (composed && event.key === "Enter") event.preventDefault();
    if (composed || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden && box.value === answered) show(list.children.length);
      if (list.hidden) return;
      if (event.key === "ArrowDown") activate(active?.nextElementSibling ?? list.firstElementChild);
      else activate(active?.previousElementSibling ?? list.lastElementChild);
    } else if (event.key === "Enter" && active) active.click();
    else if (event.key === "Escape" && !list.hidden) close();
    else {
      if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(event.key)) activate(null);
      return;
    }
    event.preventDefault();
  });
}
