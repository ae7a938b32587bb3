// <promise-words for="reply-text" kept="promised"> … <button data-words="I will write again by …" data-due="2026-…">
//   … <button data-not="the words"></promise-words>
// Puts a sentence at the end of what is typed, once, and remembers a promise that is meant; puts an offer away.

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
    if (!typed.includes(words)) field.value = typed ? `${typed}\n\n${words}` : words
    if (due) place.append(PromiseWords.#hidden("promise_kept", `${due}|`))
    document.querySelector(`[data-then="${field.id}"]`)?.click()
    this.querySelector("details[open]")?.removeAttribute("open")
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
