// The room behind the button: fetched when somebody comes near it, and not before.

let coming = null

function loadRoom() {
  coming ??= fetchRoom().catch((error) => {
    coming = null
    throw error
  })
  return coming.catch(() => null)
}

function fetchRoom() {
  return new Promise((done, failed) => {
    const script = document.createElement("script")
    script.src = trusted(`${ROOT}room.js`)
    if (SCRIPT.nonce) script.nonce = SCRIPT.nonce
    script.addEventListener("load", () => (shop.room ? done(shop.room) : failed()))
    script.addEventListener("error", () => { script.remove(); failed() })
    document.head.append(script)
  })
}

// A page that asks for trusted types gets them: one policy, for one address.
function trusted(address) {
  if (!window.trustedTypes) return address
  const createScriptURL = (wanted) => {
    if (wanted !== `${ROOT}room.js`) throw new TypeError("Not a script of the chat.")
    return wanted
  }
  return trustedTypes.createPolicy("makegood", { createScriptURL }).createScriptURL(address)
}
