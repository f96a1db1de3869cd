"""A generator of SAML responses, honest and hostile, that shares no code with Vestibule.

Owns the making and signing of messages: XML by hand, canonicalisation by lxml, signatures by the
`cryptography` package. It must not know how Vestibule verifies anything: each case states what the
specification and the attack catalogue call for, and the test that posts it judges the answer.
Specifications: SAML 2.0 core and profiles, XML Signature 1.0 and 1.1, Exclusive XML Canonicalization.
"""
