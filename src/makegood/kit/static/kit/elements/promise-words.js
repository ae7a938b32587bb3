// <promise-words for="reply-text" kept="promised"> … <button data-words="I will write again by …" data-due="2026-…">
//   … <button data-not="the words"></promise-words>
// Puts the sentence of a promise at the end of what is typed, and remembers that it is meant; puts an offer away.

class PromiseWords extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  handleEvent(event) {
    const button = event.target.closest("button")
    if (button?.dataset.words) this.#say(event, button.dataset)
    else if (button?.dataset.not) this.#put(button)
  }

  get #field() {
    return document.getElementById(this.getAttribute("for"))
  }

  #say(event, { words, due }) {
    const field = this.#field
    const place = document.getElementById(this.getAttribute("kept"))
    if (!field || !place) return
    event.preventDefault()
    const typed = field.value.trimEnd()
    field.value = typed ? `${typed}\n\n${words}` : words
    place.append(PromiseWords.#hidden("promise_kept", `${due}|`))
    this.querySelector("details")?.removeAttribute("open")
    field.focus()
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #put(button) {
    const one = button.closest("[role=group]")
    one.replaceWith(PromiseWords.#hidden("promise_not", button.dataset.not))
    this.#field?.focus()
  }

  static #hidden(name, value) {
    return Object.assign(document.createElement("input"), { type: "hidden", name, value })
  }
}

customElements.define("promise-words", PromiseWords)
