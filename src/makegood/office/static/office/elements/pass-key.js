// <pass-key options='{"publicKey": …}' failed="Try again."><form hidden>… <input name="credential"> …</form></pass-key>
// Asks the browser for a passkey, or with `makes` for a new one, and sends what it answers with the form.
// `fetch` names where the options come from; without it they are in `options`. Where the browser cannot,
// the form stays hidden, and what has `data-instead` says so.

class PassKey extends HTMLElement {
  connectedCallback() {
    if (!this.#mayWork()) return
    this.form = this.querySelector("form")
    this.form.hidden = false
    this.querySelector("[data-instead]")?.remove()
    this.form.addEventListener("submit", this)
  }

  async handleEvent(event) {
    if (this.form.elements.credential.value) return
    event.preventDefault()
    try {
      const credential = await this.#ask(await this.#options())
      this.form.elements.credential.value = JSON.stringify(credential.toJSON())
    } catch {
      this.#say(this.getAttribute("failed"))
      return
    }
    this.form.requestSubmit()
  }

  // Passkeys belong to a name; a bare number in the address line has none.
  #mayWork() {
    const isNumber = /^[\d.]+$|^\[/.test(location.hostname)
    return !isNumber && Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON)
  }

  async #options() {
    const place = this.getAttribute("fetch")
    if (!place) return JSON.parse(this.getAttribute("options")).publicKey
    const answer = await fetch(place, { headers: { "X-Requested-With": "XMLHttpRequest" } })
    return (await answer.json()).request_options.publicKey
  }

  #ask(options) {
    if (!this.hasAttribute("makes")) {
      return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    }
    const alone = this.form.elements.passwordless?.checked
    const wanted = { residentKey: alone ? "required" : "discouraged", requireResidentKey: Boolean(alone) }
    if (alone) wanted.userVerification = "required"
    options.authenticatorSelection = { ...options.authenticatorSelection, ...wanted }
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
  }

  #say(words) {
    const line = this.querySelector("[role=alert]")
    line.textContent = words
    line.hidden = false
  }
}

customElements.define("pass-key", PassKey)
