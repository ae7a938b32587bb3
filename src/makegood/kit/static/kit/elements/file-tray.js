// <form><textarea name="text"></textarea><file-tray to="/…/files/" most="26214400"><div data-files="reply">…<input type="file"
//   name="files" multiple></div><ul></ul><template><li>…</li></template></file-tray></form>
// Files that are chosen, dropped or pasted go up at once, one after the other, each with its progress. The letter waits
// for them. A picture put into the text stands there. Without script the files go along with the form.

class FileTray extends HTMLElement {
  #waiting = []
  #current = null
  #held = null
  #coming = 0
  #hold = (event) => this.#isBusy() && this.#wait(event)
  #brought = (event) => this[event.type](event)
  #typed = ({ isTrusted }) => isTrusted && (this.#held = null) // whoever writes on presses again

  connectedCallback() {
    this.form = this.closest("form")
    this.addEventListener("change", this)
    for (const kind of ["dragover", "drop", "paste"]) this.form.addEventListener(kind, this.#brought)
    this.form.addEventListener("submit", this.#hold, true)
    this.form.addEventListener("input", this.#typed)
    this.#tidy()
  }

  disconnectedCallback() {
    this.form.removeEventListener("submit", this.#hold, true)
    this.form.removeEventListener("input", this.#typed)
    for (const kind of ["dragover", "drop", "paste"]) this.form.removeEventListener(kind, this.#brought)
    this.#waiting = []
    this.#current?.cancel()
  }

  handleEvent({ target }) {
    if (!target.matches("input[type=file]")) return
    this.take([...target.files])
    target.value = ""
  }

  dragover(event) {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault()
  }

  drop(event) {
    this.#catch(event, event.dataTransfer.files)
  }

  // Spreadsheets and letters put a picture of themselves beside their words: the words are meant.
  paste(event) {
    const { files, types } = event.clipboardData
    if (!types.includes("text/plain")) this.#catch(event, files)
  }

  #catch(event, files) {
    if (!files.length) return
    event.preventDefault()
    this.take([...files], event.target.matches("textarea"))
  }

  // `placed`: pictures among them stand in the text, where the caret is.
  async take(files, placed = false) {
    this.#coming += 1
    const { Upload } = await import("../writing/uploading.js").finally(() => (this.#coming -= 1))
    for (const file of files) {
      const upload = new Upload(this, file)
      if (placed && /^image\/(png|jpeg|gif|webp)$/.test(file.type)) await upload.place(this.form.elements.text)
      this.querySelector("ul").append(upload.row)
      if (file.size > Number(this.getAttribute("most"))) upload.fail(this.dataset.large)
      else this.again(upload)
    }
  }

  again(upload) {
    this.#waiting.push(upload)
    if (!this.#current) this.#next()
  }

  forget(upload) {
    this.#held = null
    this.#waiting = this.#waiting.filter((one) => one !== upload)
  }

  async #next() {
    this.#current = this.#waiting.shift() ?? null
    if (!this.isConnected) return
    if (!this.#current) return this.#letGo()
    await this.#current.send()
    this.#next()
  }

  // What was pressed meanwhile is done now, unless one of them did not arrive.
  #letGo() {
    const held = this.#held
    this.#held = null
    if (held && !this.querySelector("ul").childElementCount) this.form.requestSubmit(held.submitter)
  }

  #isBusy() {
    return this.#coming > 0 || this.#current !== null || this.#waiting.length > 0
  }

  #wait(event) {
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#held = event
    const state = this.form.querySelector("output")
    if (state) state.textContent = this.dataset.wait
  }

  // A picture that was on its way when the page died never came: its place goes.
  #tidy() {
    const { text } = this.form.elements
    if (text.value.includes("](cid:)")) text.value = text.value.replace(/!\[[^\]\n]*\]\(cid:\)/g, "")
  }
}

customElements.define("file-tray", FileTray)
