
(() => {
  const form = document.querySelector(".filters"), turn = form.querySelector("#turn"), words = form.querySelector("#words");
  const cases = [...document.querySelectorAll(".case")];
  const rows = new Map([...document.querySelectorAll(".overview tbody a")].map(link => [link.hash.slice(1), link.closest("tr")]));
  const groups = [...document.querySelectorAll(".turn")], usual = new Map(groups.map(one => [one, one.open]));
  let chosen = false;
  const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const texts = new Map(cases.map(one => [one, plain(one.textContent)]));
  const choose = () => {
    const wanted = plain(words.value.trim());
    let shown = 0;
    for (const one of cases) {
      const seen = (turn.value === "all" || one.dataset.turn === turn.value) && texts.get(one).includes(wanted);
      one.hidden = !seen;
      rows.get(one.id).hidden = !seen;
      shown += seen;
    }
    // What is looked for is shown, also in a group that was folded; afterwards all is as at first.
    const before = chosen;
    chosen = turn.value !== "all" || wanted !== "";
    for (const group of groups) {
      group.hidden = ![...group.querySelectorAll(".case, .overview tbody tr")].some(one => !one.hidden);
      if (chosen || before) group.open = chosen || usual.get(group);
    }
    form.querySelector("#count").textContent = shown + " / " + cases.length;
  };
  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  turn.addEventListener("change", choose);
  words.addEventListener("input", choose);
  choose();

  // A page that is opened as a file may not have navigator.clipboard.
  const byHand = text => {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  for (const button of document.querySelectorAll(".copy")) {
    const label = button.textContent, text = button.previousElementSibling.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = true;
      try { await navigator.clipboard.writeText(text); } catch { done = byHand(text); }
      button.textContent = done ? "✓ " + label : "✗ " + label;
      button.focus();
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
})();
