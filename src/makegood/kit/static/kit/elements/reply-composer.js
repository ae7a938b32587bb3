// <reply-composer><form data-draft="/conversations/17/draft/"><textarea name="text"></textarea>
//   <output data-saved="Saved" data-unsaved="Not saved yet"></output><input type="file" multiple></form></reply-composer>
// Keeps what is typed: within two seconds it is a draft on the server. Ctrl+Enter sends, with Shift by the button
// marked `data-shift`. Two forms may stand in it (answer and note), each with words and draft of its own. What is typed
// on while an answer is sent stands in the composer that comes in place of this one.

import { Sent, keep, resume, unsay } from "../carrying.js"

class ReplyComposer extends HTMLElement {
  static hears = ["input", "keydown", "submit", "htmx:beforeRequest", "htmx:afterRequest"]
  #timers = new Map()
  #sent = new Sent()
  #leave = () => this.#dirty().forEach((form) => this.#part(form))

  connectedCallback() {
    for (const kind of ReplyComposer.hears) this.addEventListener(kind, this)
    addEventListener("pagehide", this.#leave)
    document.addEventListener("htmx:beforeSwap", this)
    for (const form of this.querySelectorAll("form[data-draft]")) if (resume(form)) this.#later(form, 0)
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#leave)
    document.removeEventListener("htmx:beforeSwap", this)
    this.#timers.forEach((timer) => clearTimeout(timer))
  }

  handleEvent(event) {
    this[event.type.replace("htmx:", "")](event)
  }

  beforeRequest({ detail: { elt } }) {
    this.#sent.note(this, elt)
  }

  // It did not get there: what was to be sent is a draft as before.
  afterRequest({ detail: { elt } }) {
    if (this.isConnected) this.#sent.back(elt).forEach((form) => this.#later(form, 0))
  }

  beforeSwap({ target, detail }) {
    if (!detail.shouldSwap || !target.contains(this)) return
    new Set([...this.#sent.forms(), ...this.#dirty()]).forEach((form) => this.#part(form))
  }

  input({ target }) {
    if (!target.matches("textarea") || !target.form?.dataset.draft) return
    this.#later(target.form, 1200)
    ReplyComposer.#count(target)
  }

  keydown(event) {
    if (event.key === "Enter" && event.target.matches("[name=due_at]")) return this.#then(event)
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.form) return
    event.preventDefault()
    const { form } = event.target
    if (event.shiftKey && form.querySelector("[data-shift]")) form.querySelector("[data-shift]").click()
    else form.requestSubmit()
  }

  // A typed time is meant for its own button, and not for the form's first. It is clicked: what is asked for
  // without one is sent without what the button says.
  #then(event) {
    event.preventDefault()
    event.target.parentElement.querySelector("[data-enter]").click()
  }

  // What is on its way to being sent needs no draft any more; and the keys of the page work again.
  submit({ target }) {
    document.activeElement?.blur()
    clearTimeout(this.#timers.get(target))
    this.#timers.delete(target)
  }

  #dirty() {
    return [...this.#timers.keys()].filter((form) => form.isConnected)
  }

  #later(form, wait) {
    clearTimeout(this.#timers.get(form))
    this.#timers.set(form, setTimeout(() => this.#save(form), wait))
  }

  async #save(form) {
    const words = ReplyComposer.#words(form)
    const answer = await fetch(form.dataset.draft, { method: "POST", body: words }).catch(() => null)
    const isSaved = Boolean(answer?.ok) && !answer.redirected
    if (isSaved && answer.status === 200) return this.#unsay(form, await answer.json())
    const state = form.querySelector("output[data-saved]")
    if (state) state.textContent = state.dataset[isSaved ? "saved" : "unsaved"]
    if (!isSaved) return this.#timers.has(form) && this.#later(form, 4000)
    if (words.get("text") === ReplyComposer.#words(form).get("text")) this.#timers.delete(form)
  }

  #unsay(form, said) {
    form.querySelector("output[data-saved]").textContent = ""
    if (unsay(form, said)) this.#later(form, 0)
    else this.#timers.delete(form)
  }

  // A page that is loaded again at once overtakes its own last words on the way to the server.
  #part(form) {
    const sent = this.#sent.of(form)
    if (sent === undefined) navigator.sendBeacon(form.dataset.draft, ReplyComposer.#words(form))
    keep(form, sent)
  }

  static #words(form) {
    const words = new FormData(form)
    for (const [name, value] of [...words]) if (value instanceof File) words.delete(name)
    return words
  }

  static #count(area) {
    const [left, room] = [area.form.querySelector("[data-left]"), Number(area.dataset.limit) - area.value.length]
    if (left) left.textContent = room < 300 ? left.dataset.words.replace("{n}", room) : ""
  }
}

customElements.define("reply-composer", ReplyComposer)
