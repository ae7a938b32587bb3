// <form hx-post="/views/order/" hx-trigger="moved"><order-list moved="{name} stands at {place} of {count}"><ol>
// <li draggable="true"><a data-order>Late</a> <button value="up:7">…</ol> <p role="status"></p></order-list></form>
// A list that is put in order by dragging, or from anything in a line with Alt and the arrows; the form is told by
// `moved`. Without JavaScript the buttons of each line move it.

class OrderList extends HTMLElement {
  connectedCallback() {
    for (const kind of ["dragstart", "dragover", "dragend", "keydown", "click"]) this.addEventListener(kind, this)
  }

  handleEvent(event) {
    const line = event.target.closest?.("li")
    if (event.type === "dragend") this.#drop()
    else if (!line) return
    else if (event.type === "dragstart") this.held = line
    else if (event.type === "dragover") this.#over(event, line)
    else if (event.type === "keydown") this.#press(event, line)
    else this.#click(event, line)
  }

  #over(event, line) {
    if (!this.held) return
    event.preventDefault()
    const { top, height } = line.getBoundingClientRect()
    if (line !== this.held) line[event.clientY < top + height / 2 ? "before" : "after"](this.held)
  }

  #drop() {
    if (this.held) this.#told(this.held)
    this.held = null
  }

  #press(event, line) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by || !event.altKey) return
    event.preventDefault()
    this.#move(line, by, event.target)
  }

  #click(event, line) {
    const way = event.target.closest("button[name=move]")?.value.split(":")[0]
    if (!way) return
    event.preventDefault()
    this.#move(line, way === "up" ? -1 : 1, event.target.closest("button"))
  }

  #move(line, by, focused) {
    const other = by < 0 ? line.previousElementSibling : line.nextElementSibling
    if (!other) return
    other[by < 0 ? "before" : "after"](line)
    this.#told(line)
    ;(focused.disabled ? line.querySelector("a") : focused).focus()
  }

  #told(line) {
    const lines = [...line.parentElement.children]
    for (const one of lines) {
      one.querySelector("[value^=up]").disabled = one === lines[0]
      one.querySelector("[value^=down]").disabled = one === lines.at(-1)
    }
    const words = { name: line.querySelector("[data-order]").textContent, place: lines.indexOf(line) + 1, count: lines.length }
    const said = this.getAttribute("moved").replace(/\{(\w+)\}/g, (_whole, name) => words[name])
    this.querySelector("[role=status]").textContent = said
    this.closest("form").dispatchEvent(new CustomEvent("moved"))
  }
}

customElements.define("order-list", OrderList)
