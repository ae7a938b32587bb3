// <pick-rows><form id="bulk-form">… <output data-picked></output> <button data-page hidden> <input data-all></form></pick-rows>
// Choosing rows of the list beside it: x chooses the row in focus, X all up to it, * the page and then all that the
// list finds, Escape nothing; with the mouse, Shift chooses up to here. While anything is chosen the list stands
// still: news waits, so that nothing moves under the hand. Without JavaScript it is a form with boxes.

class PickRows extends HTMLElement {
  #last = null

  connectedCallback() {
    this.list = document.getElementById("rows")
    this.all = this.querySelector("[data-all]")
    this.page = this.querySelector("[data-page]")
    this.page.hidden = false
    this.page.addEventListener("click", () => this.#pickPage())
    this.list.addEventListener("click", this)
    this.list.addEventListener("keydown", this)
    this.list.addEventListener("change", this)
    this.list.addEventListener("htmx:beforeRequest", this)
    this.addEventListener("reset", () => setTimeout(() => this.#told()))
    document.addEventListener("keydown", this.#anywhere)
    this.#told()
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#anywhere)
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#press(event)
    else if (event.type === "change") this.#told()
    else if (event.type === "htmx:beforeRequest") this.#hold(event)
    else if (event.target.matches("[name=pick]")) this.#click(event)
  }

  get #boxes() {
    return [...this.list.querySelectorAll("[name=pick]")]
  }

  get #picked() {
    return this.#boxes.filter((box) => box.checked).length
  }

  #anywhere = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return
    if (localStorage.getItem("keys") === "off") return
    if (event.key === "*") this.#pickPage()
    else if (event.key === "Escape" && this.#picked) this.querySelector("form").reset()
    else return
    event.preventDefault()
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return
    const box = event.target.closest(".row-line")?.querySelector("[name=pick]")
    if (!box || !["x", "X"].includes(event.key)) return
    if (event.key === "X") this.#range(box, true)
    else box.checked = !box.checked
    this.#last = box
    event.preventDefault()
    this.#told()
  }

  #click(event) {
    if (event.shiftKey) this.#range(event.target, event.target.checked)
    this.#last = event.target
    this.#told()
  }

  #range(box, isPicked) {
    const boxes = this.#boxes
    const ends = [boxes.indexOf(this.#last?.isConnected ? this.#last : box), boxes.indexOf(box)].sort((a, b) => a - b)
    for (const one of boxes.slice(ends[0], ends[1] + 1)) one.checked = isPicked
  }

  #pickPage() {
    const boxes = this.#boxes
    if (boxes.length && boxes.every((box) => box.checked)) this.all.checked = !this.all.checked
    for (const box of boxes) box.checked = true
    this.#told()
  }

  #hold(event) {
    if (event.target !== this.list || !this.#picked) return
    event.preventDefault()
    this.isStale = true
  }

  #told() {
    const picked = this.#picked
    this.querySelector("[data-picked]").value = picked || ""
    if (picked || !this.isStale) return
    this.isStale = false
    this.list.dispatchEvent(new CustomEvent("news"))
  }
}

customElements.define("pick-rows", PickRows)
