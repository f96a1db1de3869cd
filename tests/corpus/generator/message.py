"""An honest SAML response as text, with every part open to change.

Owns the shape of the document before it is signed. Every field is either a plain value or raw XML
(named `…_xml`), so that a case can put what it likes wherever it likes. It must not know keys or signatures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


@dataclass(frozen=True)
class Message:
    """The fields of a response with one assertion. `None` leaves the attribute or element out."""

    response_id: str | None
    assertion_id: str | None
    issue_instant: str | None
    destination: str | None
    recipient: str | None
    in_response_to: str | None
    issuer: str | None
    audience: str | None
    name_id: str
    not_before: str | None
    not_on_or_after: str | None
    authn_instant: str | None
    session_not_on_or_after: str | None
    session_index: str | None
    attributes: list[tuple[str, list[str]]] = field(default_factory=list)

    name_format: str | None = EMAIL
    version: str | None = "2.0"
    response_issuer: str | None = "same"
    assertion_issue_instant: str | None = "same"
    confirmation_in_response_to: str | None = "same"
    confirmation_not_on_or_after: str | None = "same"
    confirmation_method: str = BEARER

    prolog: str = ""
    epilog: str = ""
    response_attributes: str = ""
    assertion_attributes: str = ""
    before_issuer_xml: str = ""
    extensions_xml: str = ""
    status_xml: str = f'<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>'
    before_assertion_xml: str = ""
    after_assertion_xml: str = ""
    issuer_xml: str | None = None
    response_issuer_xml: str | None = None
    name_id_xml: str | None = None
    subject_extra_xml: str = ""
    subject_xml: str | None = None
    confirmation_xml: str = ""
    confirmation_data_xml: str | None = None
    conditions_xml: str | None = None
    audience_xml: str | None = None
    audience_restrictions_xml: str | None = None
    conditions_extra_xml: str = ""
    advice_xml: str = ""
    authn_statement_xml: str | None = None
    attributes_xml: str | None = None
    assertion_extra_xml: str = ""

    def xml(self) -> str:
        """The whole document."""
        issuer = self._issuer(self.issuer if self.response_issuer == "same" else self.response_issuer)
        if self.response_issuer_xml is not None:
            issuer = self.response_issuer_xml
        opening = attributes(
            ID=self.response_id,
            Version=self.version,
            IssueInstant=self.issue_instant,
            Destination=self.destination,
            InResponseTo=self.in_response_to,
        )
        return (
            f'{self.prolog}<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}"{opening}{self.response_attributes}>'
            f"{self.before_issuer_xml}{issuer}{self.extensions_xml}{self.status_xml}{self.before_assertion_xml}"
            f"{self.assertion()}{self.after_assertion_xml}</samlp:Response>{self.epilog}"
        )

    def assertion(self) -> str:
        """The assertion alone, with its own namespace declarations so that it can be moved."""
        issued = self.issue_instant if self.assertion_issue_instant == "same" else self.assertion_issue_instant
        opening = attributes(ID=self.assertion_id, Version=self.version, IssueInstant=issued)
        issuer = self.issuer_xml if self.issuer_xml is not None else self._issuer(self.issuer)
        return (
            f'<saml:Assertion xmlns:saml="{ASSERTION}"{opening}{self.assertion_attributes}>{issuer}{self._subject()}'
            f"{self._conditions()}{self.advice_xml}{self._authn_statement()}{self._attribute_statement()}"
            f"{self.assertion_extra_xml}</saml:Assertion>"
        )

    def _issuer(self, value: str | None) -> str:
        return "" if value is None else f"<saml:Issuer>{escape(value)}</saml:Issuer>"

    def _subject(self) -> str:
        if self.subject_xml is not None:
            return self.subject_xml
        name_id = self.name_id_xml
        if name_id is None:
            name_id = f"<saml:NameID{attributes(Format=self.name_format)}>{escape(self.name_id)}</saml:NameID>"
        return f"<saml:Subject>{name_id}{self.subject_extra_xml}{self.confirmation()}</saml:Subject>"

    def confirmation(self) -> str:
        """The subject confirmation alone."""
        answered = self.confirmation_in_response_to
        until = self.confirmation_not_on_or_after
        data = self.confirmation_data_xml
        if data is None:
            opening = attributes(
                InResponseTo=self.in_response_to if answered == "same" else answered,
                NotOnOrAfter=self.not_on_or_after if until == "same" else until,
                Recipient=self.recipient,
            )
            data = f"<saml:SubjectConfirmationData{opening}/>"
        method = attributes(Method=self.confirmation_method)
        return f"<saml:SubjectConfirmation{method}>{self.confirmation_xml}{data}</saml:SubjectConfirmation>"

    def _conditions(self) -> str:
        if self.conditions_xml is not None:
            return self.conditions_xml
        restrictions = self.audience_restrictions_xml
        if restrictions is None:
            restrictions = "" if self.audience is None else restriction(self.audience_xml or escape(self.audience))
        opening = attributes(NotBefore=self.not_before, NotOnOrAfter=self.not_on_or_after)
        return f"<saml:Conditions{opening}>{restrictions}{self.conditions_extra_xml}</saml:Conditions>"

    def _authn_statement(self) -> str:
        if self.authn_statement_xml is not None:
            return self.authn_statement_xml
        opening = attributes(
            AuthnInstant=self.authn_instant,
            SessionIndex=self.session_index,
            SessionNotOnOrAfter=self.session_not_on_or_after,
        )
        return (
            f"<saml:AuthnStatement{opening}><saml:AuthnContext><saml:AuthnContextClassRef>{PASSWORD}"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        )

    def _attribute_statement(self) -> str:
        if self.attributes_xml is not None:
            return self.attributes_xml
        if not self.attributes:
            return ""
        inner = "".join(attribute(name, [escape(value) for value in values]) for name, values in self.attributes)
        return statement(inner)


def attributes(**pairs: str | None) -> str:
    """XML attributes, those that are `None` left out."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in pairs.items() if value is not None)


def restriction(*audiences_xml: str) -> str:
    """One AudienceRestriction of these audiences (raw XML text)."""
    inner = "".join(f"<saml:Audience>{text}</saml:Audience>" for text in audiences_xml)
    return f"<saml:AudienceRestriction>{inner}</saml:AudienceRestriction>"


def attribute(name: str, values_xml: list[str], extra: str = "") -> str:
    """One Attribute with these values (raw XML text)."""
    inner = "".join(f"<saml:AttributeValue>{text}</saml:AttributeValue>" for text in values_xml)
    return f'<saml:Attribute{attributes(Name=name, NameFormat=NAME_FORMAT)}{extra}>{inner}</saml:Attribute>'


def statement(*attributes_xml: str) -> str:
    """One AttributeStatement."""
    return f"<saml:AttributeStatement>{''.join(attributes_xml)}</saml:AttributeStatement>"
