// @ts-check
/**
 * The list of completions at the cursor of an editor. It opens after a dot, while a word is written, and with Ctrl+Space;
 * the arrows choose, Enter and Tab take what is chosen, Escape closes it. What is in it comes from the page's Python.
 */

import { element, insert } from "./run-tools.js";

const WORD = /[^\W\d]\w*$/;
const SHORTEST = 2; // letters of a word that open the list

/** @typedef {{name: string, kind: string, detail: string}} Option */

export class CompletionList {
  /** @type {Option[]} */
  #options = [];
  #active = -1;
  #prefix = 0;
  #asked = 0;
  #at = 0; // where in the text the list is

  /**
   * @param {HTMLTextAreaElement} editor
   * @param {(before: string, after: string) => Promise<{prefix: string, options: Option[]} | null>} complete
   */
  constructor(editor, complete) {
    this.editor = editor;
    this.complete = complete;
    this.list = element("ul", { className: "completions", hidden: true, id: "playground-completions" });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    editor.setAttribute("aria-autocomplete", "list");
    editor.setAttribute("aria-controls", this.list.id);
    editor.after(this.list);
    // A field of several lines may not be a combobox itself, so what is around it and the list is one.
    this.box = /** @type {HTMLElement} */ (editor.parentElement);
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-label", "Program with completions");
    this.box.setAttribute("aria-haspopup", "listbox");
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.setAttribute("aria-expanded", "false");
    editor.addEventListener("input", (event) => this.#typed(/** @type {InputEvent} */ (event)));
    addEventListener("resize", () => this.isOpen && this.#place(this.#at));
    editor.addEventListener("blur", () => this.close());
    editor.addEventListener("scroll", () => this.isOpen && this.#place(this.#at));
    editor.addEventListener("pointerdown", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays in the editor
      const option = event.target instanceof Element && event.target.closest("[role=option]");
      if (option) this.#take([...this.list.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  close() {
    this.#asked += 1; // an answer that is on its way comes too late
    this.list.hidden = true;
    this.#active = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.editor.removeAttribute("aria-activedescendant");
  }

  /** Opens the list at the cursor. @param {boolean} chosen whether its first entry is chosen */
  async open(chosen) {
    const { value, selectionStart: at, selectionEnd: end } = this.editor;
    const asked = ++this.#asked;
    const answer = at === end ? await this.complete(value.slice(0, at), value.slice(at)) : null;
    if (asked !== this.#asked) return;
    if (!answer?.options.length) return this.close();
    this.#options = answer.options;
    this.#prefix = answer.prefix.length;
    this.list.replaceChildren(
      ...answer.options.map(({ name, detail }, number) => {
        const option = element("li", { id: `${this.list.id}-${number}` }, element("span", { textContent: name }));
        if (detail) option.append(" ", element("small", { textContent: detail }));
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.box.setAttribute("aria-expanded", "true");
    this.#at = at - this.#prefix;
    this.#place(this.#at);
    this.#active = -1;
    this.editor.removeAttribute("aria-activedescendant");
    if (chosen) this.#choose(0);
  }

  /** Does what a key does while the list is open. @param {KeyboardEvent} event @returns {boolean} whether it did */
  key(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      void this.open(true);
      return true;
    }
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose((this.#active + step + this.#options.length) % this.#options.length);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" || event.key === "Tab") && this.#active >= 0 && !event.ctrlKey && !event.metaKey) this.#take(this.#active);
    else {
      if (!/^(.|Backspace|Shift)$/.test(event.key)) this.close();
      return false;
    }
    event.preventDefault();
    return true;
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const typing = event.inputType === "insertText" || event.inputType === "deleteContentBackward" || event.inputType === "insertCompositionText";
    const before = this.editor.value.slice(0, this.editor.selectionStart);
    const word = WORD.exec(before)?.[0].length ?? 0;
    const member = before[before.length - word - 1] === ".";
    if (!typing || event.data?.includes("\n")) this.close();
    else if (member) void this.open(true);
    else if (word >= (this.isOpen ? 1 : SHORTEST) && event.data !== null) void this.open(false);
    else if (!word || !this.isOpen) this.close();
    else void this.open(false);
  }

  /** @param {number} number */
  #choose(number) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = number;
    const option = this.list.children[number];
    option.setAttribute("aria-selected", "true");
    this.editor.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} number */
  #take(number) {
    const { name } = this.#options[number];
    const at = this.editor.selectionStart;
    this.editor.setSelectionRange(at - this.#prefix, at);
    insert(this.editor, name);
    this.close();
  }

  /** Puts the list below a place in the text: every letter of the editor is equally wide. @param {number} at */
  #place(at) {
    const before = this.editor.value.slice(0, at).split("\n");
    const style = getComputedStyle(this.editor);
    const letter = document.createElement("canvas").getContext("2d");
    if (letter) letter.font = `${style.fontSize} ${style.fontFamily}`;
    const wide = letter?.measureText("0").width ?? 8;
    const left = parseFloat(style.paddingLeft) + before[before.length - 1].length * wide - this.editor.scrollLeft;
    const top = parseFloat(style.paddingTop) + before.length * parseFloat(style.lineHeight) - this.editor.scrollTop;
    const most = Math.max(this.editor.clientWidth - this.list.offsetWidth, 0);
    this.list.style.left = `${Math.min(Math.max(left, 0), most)}px`;
    this.list.style.top = `${this.editor.offsetTop + Math.min(top, this.editor.clientHeight)}px`;
  }
}
