// Tells Makegood what happens to orders and products of a Medusa store (version 2).
//
// Put this file into the store as src/subscribers/makegood.js, and give the store, in its
// environment, the address and the secret that Makegood showed when it was connected:
//
//   MAKEGOOD_URL=https://help.example.com/signals/…/
//   MAKEGOOD_SECRET=whsec_…
//
// Every message is signed as Standard Webhooks describes it. It names an order or a product and
// says nothing else of it: Makegood asks the store what that is like now.
const { createHmac, randomUUID } = require('node:crypto')

const EVENTS = [
  'order.placed', 'order.updated', 'order.canceled', 'order.completed', 'order.archived',
  'order.fulfillment_created', 'order.fulfillment_canceled', 'order.return_requested',
  'order.return_received', 'order.claim_created', 'order.exchange_created',
  'order-edit.confirmed', 'shipment.created', 'delivery.created',
  'payment.captured', 'payment.refunded',
]
const OF_PRODUCTS = [
  'product.created', 'product.updated', 'product.deleted',
  'product-variant.created', 'product-variant.updated',
  'inventory-level.created', 'inventory-level.updated', 'inventory-level.deleted',
  'reservation-item.created', 'reservation-item.updated', 'reservation-item.deleted',
]
const TRIES = 5
const SECONDS = 10

/** The order that an event is about: some name a parcel or a payment instead. */
async function orderOf(name, data, query) {
  if (data.order_id) return data.order_id
  if (name.startsWith('shipment.') || name.startsWith('delivery.')) {
    const { data: found } = await query.graph({
      entity: 'fulfillment', fields: ['order.id'], filters: { id: data.id },
    })
    return found[0]?.order?.id
  }
  if (name.startsWith('payment.')) {
    const { data: found } = await query.graph({
      entity: 'payment', fields: ['payment_collection.order.id'], filters: { id: data.id },
    })
    return found[0]?.payment_collection?.order?.id
  }
  return data.id
}

/** The product that an event is about: some name a variant, or how many of it there are. */
async function productOf(name, data, query) {
  if (name.startsWith('product.')) return data.id
  if (name.startsWith('product-variant.')) {
    const { data: found } = await query.graph({
      entity: 'product_variant', fields: ['product_id'], filters: { id: data.id },
    })
    return found[0]?.product_id
  }
  const counted = name.startsWith('inventory-level.') ? 'inventory_level' : 'reservation_item'
  const { data: found } = await query.graph({
    entity: counted, fields: ['inventory_item_id'], filters: { id: data.id },
  })
  if (!found[0]) return undefined
  const { data: items } = await query.graph({
    entity: 'inventory_item', fields: ['variants.product_id'],
    filters: { id: found[0].inventory_item_id },
  })
  return items[0]?.variants?.[0]?.product_id
}

function signed(body) {
  const id = `msg_${randomUUID()}`
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(process.env.MAKEGOOD_SECRET.replace(/^whsec_/, ''), 'base64')
  const mark = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mark}` }
}

module.exports.default = async function tellMakegood({ event, container }) {
  if (!process.env.MAKEGOOD_URL || !process.env.MAKEGOOD_SECRET) return
  const isOfProducts = OF_PRODUCTS.includes(event.name)
  const meant = isOfProducts ? productOf : orderOf
  const about = await meant(event.name, event.data, container.resolve('query'))
  if (!about) return
  const body = JSON.stringify({ topic: event.name, [isOfProducts ? 'product' : 'order']: about })
  for (let tried = 1; tried <= TRIES; tried += 1) {
    try {
      const answer = await fetch(process.env.MAKEGOOD_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(body) },
        body,
        signal: AbortSignal.timeout(SECONDS * 1000),
      })
      if (answer.ok) return
    } catch { /* not reached: once more below */ }
    await new Promise((done) => { setTimeout(done, tried * tried * 1000) })
  }
  container.resolve('logger').warn(`Makegood was not reached about ${event.name} of ${about}`)
}

module.exports.config = { event: [...EVENTS, ...OF_PRODUCTS] }
