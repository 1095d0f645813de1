// @ts-check
/**
 * Lets readers sort a long table by its columns and filter its rows. It works on the first table below every element of the
 * class `sortable`; without a script that is a plain table.
 */

const MISSING = "—";

/**
 * What a cell is sorted by: its number, or its text in lower case. Small print does not count.
 *
 * @param {Element} cell
 * @returns {number | string | null} null for a cell without a value
 */
export function sortKey(cell) {
  const copy = /** @type {Element} */ (cell.cloneNode(true));
  for (const small of copy.querySelectorAll("small, sup")) small.remove();
  const text = (copy.textContent ?? "").trim();
  if (text === "" || text === MISSING) return null;
  const number = text.replace(/^\$/, "").replaceAll(",", "");
  return /^\d+(\.\d+)?$/.test(number) ? Number(number) : text.toLowerCase();
}

/**
 * Compares two keys. Cells without a value come last, whatever the direction.
 *
 * @param {number | string | null} one
 * @param {number | string | null} other
 * @param {1 | -1} direction
 */
export function order(one, other, direction) {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === "number" && typeof other === "number") return direction * (one - other);
  return direction * String(one).localeCompare(String(other), "en", { numeric: true });
}

/** @param {HTMLTableElement} table */
function makeSortable(table) {
  const body = table.tBodies[0];
  const asWritten = [...body.rows];
  const heads = [...(table.tHead?.rows[0].cells ?? [])];

  /**
   * @param {HTMLTableCellElement} head
   * @param {number} column
   */
  function sort(head, column) {
    const before = head.getAttribute("aria-sort");
    for (const other of heads) other.removeAttribute("aria-sort");
    if (before === "descending") {
      body.append(...asWritten);
      return;
    }
    const direction = before === "ascending" ? -1 : 1;
    head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    const keys = new Map(asWritten.map((row) => [row, sortKey(row.cells[column])]));
    body.append(
      ...[...asWritten].sort((one, other) => order(keys.get(one) ?? null, keys.get(other) ?? null, direction)),
    );
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.addEventListener("click", () => sort(head, column)); // around the button, too
  });
}

/**
 * @param {HTMLTableElement} table
 * @param {Element} place
 */
function makeFilterable(table, place) {
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => (row.textContent ?? "").toLowerCase());
  const tools = document.createElement("div");
  tools.className = "table-tools";
  tools.innerHTML = `<label>Filter the rows <input type="search" spellcheck="false" autocomplete="off"></label>
    <span role="status"></span>`;
  const [input, status] = /** @type {[HTMLInputElement, HTMLElement]} */ ([...tools.querySelectorAll("input, span")]);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    rows.forEach((row, number) => {
      row.hidden = !words.every((word) => texts[number].includes(word));
    });
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = input.value.trim() ? `${shown} of ${rows.length} rows` : "";
  });
  place.prepend(tools);
}

if (typeof document !== "undefined") {
  for (const place of document.querySelectorAll(".sortable")) {
    const table = place.querySelector("table");
    if (!table) continue;
    makeFilterable(table, place);
    makeSortable(table);
  }
}
