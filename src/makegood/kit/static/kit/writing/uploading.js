// One file on its way: its row, its progress, the way back, and what went wrong in words.

import { insert } from "./editing.js"

export class Upload {
  #request = null
  #place = ""

  constructor(tray, file) {
    Object.assign(this, { tray, file })
    this.row = tray.querySelector("template").content.firstElementChild.cloneNode(true)
    this.bar = this.row.querySelector("progress")
    this.row.querySelector("bdi").textContent = file.name
    this.row.querySelector("[data-cancel]").addEventListener("click", () => this.cancel())
    this.row.querySelector("[data-again]").addEventListener("click", () => this.#again())
  }

  // A place is kept in the text, and named when the picture is there.
  async place(area) {
    const name = this.file.name.replace(/\.\w+$/, "").replace(/[[\]\\]/g, " ")
    this.#place = `![${name}](cid:)`
    const { value, selectionStart: caret } = area
    insert(area, `${caret && value[caret - 1] !== "\n" ? "\n" : ""}${this.#place}\n`)
  }

  send() {
    this.#say("")
    const { form } = this.tray
    const body = new FormData()
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    body.set("text", form.elements.text.value)
    if (this.#place) body.set("placed", "yes")
    body.set("files", this.file)
    return new Promise((resolve) => {
      const request = (this.#request = new XMLHttpRequest())
      request.upload.addEventListener("progress", ({ loaded, total }) => (this.bar.value = loaded / (total || 1)))
      request.addEventListener("load", () => this.#arrived(request))
      request.addEventListener("error", () => this.fail(this.tray.dataset.lost))
      request.addEventListener("loadend", () => resolve((this.#request = null)))
      request.open("POST", this.tray.getAttribute("to"))
      request.setRequestHeader("HX-Request", "true")
      request.send(body)
    })
  }

  cancel() {
    this.tray.forget(this)
    this.#request?.abort()
    this.#rename("")
    this.row.remove()
  }

  fail(words) {
    this.#say(words)
    this.row.querySelector("[data-again]").hidden = words === this.tray.dataset.large
  }

  #arrived(request) {
    const isOurs = new URL(request.responseURL).pathname === this.tray.getAttribute("to")
    if (!isOurs) return this.fail(this.tray.dataset.gone)
    if (request.status === 413) return this.fail(this.tray.dataset.large)
    if (request.status !== 200 && request.status !== 422) return this.fail(this.tray.dataset.failed)
    if (request.status === 200) this.#rename(request.getResponseHeader("Picture-Name") ?? "")
    else this.#rename("")
    htmx.swap(this.tray.querySelector(".composer__files"), request.responseText, { swapStyle: "outerHTML" })
    this.row.remove()
  }

  #rename(name) {
    if (!this.#place) return
    const area = this.tray.form.elements.text
    const start = area.value.indexOf(this.#place)
    if (start < 0) return
    const text = name ? this.#place.replace("(cid:)", `(cid:${name})`) : ""
    area.setRangeText(text, start, start + this.#place.length, "preserve")
    area.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #again() {
    this.tray.again(this)
  }

  #say(words) {
    this.row.querySelector("[role=alert]").textContent = words
    this.row.querySelector("[data-again]").hidden = !words
    this.bar.hidden = Boolean(words)
    this.bar.value = 0
  }
}
