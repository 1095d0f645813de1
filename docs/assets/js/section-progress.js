// @ts-check
/**
 * Keeps a reader's progress through a lesson in the browser. Each section that has a time gets a checkbox next to it, and
 * the line below the title says how many sections are done. So does the list of lessons. Nothing leaves the browser.
 */
"use strict";
{
  const key = `done:${location.pathname}`;
  const times = [...document.querySelectorAll(".section-time")];
  const card = document.querySelector(".card-facts");

  /** @param {string} lesson @returns {Set<string>} The ids of the sections that are done. */
  function read(lesson) {
    try {
      const kept = JSON.parse(localStorage.getItem(lesson) ?? "[]");
      return new Set(Array.isArray(kept) ? kept.map(String) : []);
    } catch {
      return new Set(); // storage is off, or holds something else
    }
  }

  /** @param {Set<string>} done */
  function keep(done) {
    try {
      localStorage.setItem(key, JSON.stringify([...done]));
    } catch {
      // storage is off or full: the checkboxes still work until the page is left
    }
  }

  if (times.length && card) {
    const done = read(key);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    const say = () => {
      said.textContent = done.size ? ` · ${done.size} of ${times.length} sections done` : "";
    };
    for (const time of times) {
      const id = time.previousElementSibling?.id;
      if (!id) continue;
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = done.has(id);
      box.addEventListener("change", () => {
        if (box.checked) done.add(id);
        else done.delete(id);
        keep(done);
        say();
      });
      const label = document.createElement("label");
      label.append(box, " Done");
      time.append(" · ", label);
    }
    card.append(said);
    say();
  }

  for (const lesson of document.querySelectorAll("a.lesson")) {
    if (!(lesson instanceof HTMLAnchorElement)) continue;
    const [count, all] = [read(`done:${lesson.pathname}`).size, Number(lesson.dataset.sections)];
    if (count && all) lesson.after(count < all ? ` · ${count} of ${all} sections done` : " · done");
  }
}
