// Files for the next message: chosen, dropped or pasted; on their way at once, with how far.

const uploads = {
  chosen: [],
  root: make("ul", { className: "uploads", hidden: true }),
  input: make("input", { type: "file", multiple: true, hidden: true, tabIndex: -1 }),
  trouble: make("p", { className: "composer__trouble", role: "alert", hidden: true }),

  put() {
    this.input.setAttribute("aria-label", say("attach"))
    this.input.addEventListener("change", () => { this.add(this.input.files); this.input.value = "" })
    addEventListener("online", () => this.chosen.filter((one) => one.state === "failed").forEach((one) => this.send(one)))
  },

  add(files) {
    const { attachments = 5, attachment_bytes: most = 10_000_000 } = shop.hello?.limits ?? {}
    this.complain("")
    for (const file of files) {
      if (this.chosen.length >= attachments) return this.complain(say("tooMany", attachments))
      if (file.size > most) this.complain(say("tooLarge", file.name, sizeOf(most)))
      else this.send(this.take(file))
    }
  },

  take(file) {
    const bar = make("progress", { max: 1, value: 0 })
    bar.setAttribute("aria-label", say("uploading", file.name))
    const one = { file, bar, state: "waiting", row: make("li", { className: "upload" }) }
    const out = iconButton("x", say("remove", file.name), () => this.drop(one))
    one.row.append(sign("file"), make("span", { className: "file__name" }, file.name), bar, out)
    this.chosen.push(one)
    this.draw()
    return one
  },

  drop(one) {
    one.request?.abort()
    this.chosen = this.chosen.filter((other) => other !== one)
    this.complain("")
    this.draw()
    composer.focus()
  },

  // Not `fetch`: that cannot say how far it is.
  send(one, work) {
    const request = new XMLHttpRequest()
    const query = new URLSearchParams({ name: one.file.name, lang: language(), ...(work && { work }) })
    one.request = request
    one.state = "waiting"
    request.open("POST", `${BASE}files/?${query}`)
    request.setRequestHeader("authorization", `Bearer ${secret()}`)
    request.setRequestHeader("content-type", one.file.type || "application/octet-stream")
    request.responseType = "json"
    request.upload.addEventListener("progress", (event) => { one.bar.value = event.loaded / (event.total || 1) })
    request.addEventListener("load", () => this.answered(one, request))
    request.addEventListener("error", () => this.failed(one, ""))
    request.send(one.file)
    this.draw()
  },

  async answered(one, request) {
    const { error, work, words = "" } = request.response ?? {}
    if (error === "work" && !one.hasWorked) {
      one.hasWorked = true
      return this.send(one, await workOn(work))
    }
    if (request.status !== 201) return this.failed(one, words)
    Object.assign(one, { state: "there", token: request.response.token })
    one.bar.value = 1
    this.draw()
  },

  failed(one, words) {
    one.state = "failed"
    this.complain(words || say("notUploaded", one.file.name))
    this.draw()
  },

  complain(words) {
    this.trouble.textContent = words
    this.trouble.hidden = !words
  },

  draw() {
    for (const one of this.chosen) {
      one.bar.hidden = one.state !== "waiting"
      one.row.classList.toggle("upload--failed", one.state === "failed")
    }
    this.root.replaceChildren(...this.chosen.map((one) => one.row))
    this.root.hidden = !this.chosen.length
    composer.draw()
  },

  get isBusy() {
    return this.chosen.some((one) => one.state !== "there")
  },

  // What the message takes with it.
  handOver() {
    const files = this.chosen.map((one) => ({
      token: one.token, name: one.file.name, size: one.file.size, type: one.file.type,
    }))
    this.chosen = []
    this.complain("")
    this.draw()
    return files
  },
}
