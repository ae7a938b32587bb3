// The first script of every page, before htmx.
// The page's policy forbids turning strings into scripts. This is the one door for strings that become
// HTML: fragments that our own server rendered and htmx swaps in. Scripts never come through it.

if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (html) => html,
    createScript: () => null,
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  })
}

// A name from a query string can never become a property of everything.
Object.preventExtensions(Object.prototype)
