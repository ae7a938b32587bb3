// <form><textarea name="text"></textarea><write-tools hidden><button type="button" data-does="bold">…</button> …
//   <button formaction="…/preview/" data-preview aria-pressed="false">Preview</button></write-tools></form>
// What helps with writing Markdown: buttons, Ctrl+B, I and K, formatting that is pasted, `:smile:`. It is fetched when
// somebody begins to write, so that a page that is only read stays light. Without script there is a plain text field.

class WriteTools extends HTMLElement {
  #begun

  connectedCallback() {
    this.hidden = false
    this.area = this.closest("form").elements.text
    this.area.addEventListener("focus", () => this.#begin())
    this.addEventListener("pointerenter", () => this.#begin())
    this.addEventListener("click", this)
    if (document.activeElement === this.area) this.#begin()
  }

  async handleEvent({ target }) {
    const does = target.closest("[data-does]")?.dataset.does
    if (does) (await this.#begin()).act(does)
  }

  // The same for all who complete something as one types: see `writing/completing.js`.
  async complete(sign, find) {
    (await this.#begin()).complete(sign, find)
  }

  #begin() {
    this.#begun ??= import("../writing/desk.js").then(({ Desk }) => new Desk(this, this.area))
    return this.#begun
  }
}

customElements.define("write-tools", WriteTools)
