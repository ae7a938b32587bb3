// <form><textarea name="text"></textarea><write-tools hidden><button type="button" data-does="bold">…</button> …
//   <button formaction="…/preview/" data-preview aria-pressed="false">Preview</button></write-tools></form>
// What helps with writing Markdown: buttons, Ctrl+B, I and K, formatting that is pasted, `:smile:`. It is fetched when
// somebody begins to write, so that a page that is only read stays light. Without script there is a plain text field.

class WriteTools extends HTMLElement {
  #begun
  #tries = 0

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
    if (does) (await this.#begin())?.act(does)
  }

  // The same for all who complete something as one types: see `writing/completing.js`.
  async complete(sign, find) {
    (await this.#begin())?.complete(sign, find)
  }

  // Where nothing answers it is a plain field, until somebody begins again: under another address, since a browser
  // keeps in mind what it could not fetch.
  #begin() {
    this.#begun ??= import(`../writing/desk.js${this.#tries ? `?${this.#tries}` : ""}`)
      .then(({ Desk }) => new Desk(this, this.area))
      .catch(() => this.#leave())
    return this.#begun
  }

  #leave() {
    this.#tries += 1
    this.#begun = undefined
  }
}

customElements.define("write-tools", WriteTools)
