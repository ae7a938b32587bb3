// <reply-composer><form data-draft="/conversations/17/draft/"><textarea name="text"></textarea>
//   <output data-saved="Saved" data-unsaved="Not saved yet"></output><input type="file" multiple></form></reply-composer>
// Keeps what is typed: within two seconds it is a draft on the server. Ctrl+Enter sends, with Shift by the
// button marked `data-shift`; files may be dropped or
// pasted; the text area grows. Two forms may stand in it (answer and note); each has its own words and draft.

class ReplyComposer extends HTMLElement {
  static moment = 20_000
  #timers = new Map()
  #leave = () => this.#dirty().forEach((form) => ReplyComposer.#part(form))

  connectedCallback() {
    for (const kind of ["input", "keydown", "dragover", "drop", "paste", "submit"]) this.addEventListener(kind, this)
    addEventListener("pagehide", this.#leave)
    for (const form of this.querySelectorAll("form[data-draft]")) this.#resume(form)
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#leave)
    this.#timers.forEach((timer) => clearTimeout(timer))
  }

  handleEvent(event) {
    this[event.type](event)
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
    form.requestSubmit(event.shiftKey ? form.querySelector("[data-shift]") : null)
  }

  // A typed time is meant for its own button, and not for the form's first.
  #then(event) {
    event.preventDefault()
    event.target.form.requestSubmit(event.target.parentElement.querySelector("[data-enter]"))
  }

  // What is on its way to being sent needs no draft any more; and the keys of the page work again.
  submit({ target }) {
    document.activeElement?.blur()
    clearTimeout(this.#timers.get(target))
    this.#timers.delete(target)
  }

  dragover(event) {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault()
  }

  drop(event) {
    this.#take(event, event.dataTransfer.files)
  }

  // Spreadsheets and letters put a picture of themselves beside their words: the words are meant.
  paste(event) {
    const { files, types } = event.clipboardData
    if (!types.includes("text/plain")) this.#take(event, files)
  }

  #take(event, files) {
    const tray = event.target.closest("form")?.querySelector("file-tray")
    if (!files.length || !tray) return
    event.preventDefault()
    tray.take([...files], event.target.matches("textarea"))
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
    const state = form.querySelector("output")
    if (state) state.textContent = state.dataset[isSaved ? "saved" : "unsaved"]
    if (!isSaved) return this.#timers.has(form) && this.#later(form, 4000)
    if (words.get("text") === ReplyComposer.#words(form).get("text")) this.#timers.delete(form)
  }

  // A page that is loaded again at once overtakes its own last words on the way to the server.
  static #part(form) {
    navigator.sendBeacon(form.dataset.draft, ReplyComposer.#words(form))
    sessionStorage.setItem(form.dataset.draft, JSON.stringify({ text: form.elements.text.value, at: Date.now() }))
  }

  #resume(form) {
    const { text, at } = JSON.parse(sessionStorage.getItem(form.dataset.draft) ?? "{}")
    sessionStorage.removeItem(form.dataset.draft)
    if (!text || text === form.elements.text.value || Date.now() - at > ReplyComposer.moment) return
    form.elements.text.value = text
    this.#later(form, 0)
  }

  static #words(form) {
    const words = new FormData(form)
    for (const [name, value] of [...words]) if (value instanceof File) words.delete(name)
    return words
  }

  static #count(area) {
    const left = area.form.querySelector("[data-left]")
    if (left) left.textContent = Number(area.getAttribute("data-limit")) - area.value.length
  }
}

customElements.define("reply-composer", ReplyComposer)
