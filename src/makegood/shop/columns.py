"""What a column of a file of orders can be, and what shops call it, in German and in English."""

from django.utils.translation import gettext_lazy as _

from makegood.kit.sheets import column

COLUMNS = (
    column(
        "number", _("Order number"),
        "ordernumber order orderid orderno invoiceno invoice invoicenumber bestellnummer "
        "bestellung auftragsnummer rechnungsnummer name",
    ),
    column(
        "placed", _("Ordered at"),
        "orderedat createdat invoicedate orderdate date datum bestelldatum placedat rechnungsdatum "
        "auftragsdatum bestelltam",
    ),
    column("sku", _("Article number"),
           "lineitemsku stockcode artikelnummer itemsku productsku artnr"),
    column("title", _("Article"),
           "article articlename lineitemname description artikel bezeichnung beschreibung "
           "product productname titel"),
    column("quantity", _("Quantity"), "lineitemquantity menge anzahl qty stück"),
    column("unit", _("Price of one"),
           "lineitemprice unitprice einzelpreis preis stückpreis price itemprice"),
    column("line_discount", _("Discount of the line"), "lineitemdiscount zeilenrabatt"),
    column("currency", _("Currency"), "währung waehrung currencycode"),
    column("shipping", _("Shipping costs"), "versandkosten versand shippingcost shippingcosts"),
    column("discount", _("Discount of the order"), "discountamount rabatt"),
    column("tax", _("Tax"), "taxes steuer steuern mwst ust mehrwertsteuer vat"),
    column("total", _("Total"), "ordertotal gesamt gesamtbetrag summe gesamtsumme grandtotal"),
    column("email", _("E-mail address"),
           "e-mail mail emailaddress customeremail mailadresse emailadresse e-mail-adresse"),
    column("name", _("Name of the customer"),
           "customername kundenname kunde shippingname billingname empfänger lieferungname"),
    column("buyer", _("Customer number"), "customerid kundennummer kundennr customernumber"),
    column("phone", _("Phone"), "telefon telefonnummer shippingphone billingphone"),
    column("address", _("Delivery address"),
           "shippingaddress lieferadresse shippingstreet anschrift adresse"),
    column("country", _("Country"), "land shippingcountry lieferland countrycode ländercode"),
    column("method", _("How it is sent"), "shippingmethod versandart lieferart"),
    column("paid_at", _("Paid at"), "bezahltam zahlungsdatum zahldatum"),
    column("means", _("Paid by"), "paymentmethod zahlungsart zahlart zahlungsmethode"),
    column("cancelled_at", _("Cancelled at"), "canceledat storniertam"),
    column("carrier", _("Carrier"), "versanddienstleister trackingcompany paketdienst"),
    column("tracking", _("Tracking number"), "trackingnumber sendungsnummer paketnummer"),
    column("sent_at", _("Sent at"),
           "fulfilledat shippedat versendetam versanddatum shipdate"),
    column("delivered_at", _("Delivered at"), "zugestelltam zustelldatum deliverydate"),
)  # fmt: skip
NEEDED = ("number", "placed", "quantity", "unit")
