<?php
/**
 * Service providers, one for each way of answering: SERVICE_PROVIDERS is `ID=WAY,ID=WAY…`, where ID is what
 * Vestibule calls this identity provider and WAY one of the keys of $ways. SP_BASE is Vestibule's public URL.
 */
$mail = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
$persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
$ways = [
    // Response and Assertion signed, RSA-SHA256.
    'both' => ['NameIDFormat' => $mail],
    // Only the Assertion signed, RSA-SHA512.
    'assertion' => [
        'NameIDFormat' => $persistent,
        'saml20.sign.response' => false,
        'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    ],
    // Only the Response signed.
    'response' => ['NameIDFormat' => $mail, 'saml20.sign.assertion' => false],
    // An encrypted assertion: to be refused by name.
    'encrypted' => ['NameIDFormat' => $persistent, 'assertion.encryption' => true, 'certificate' => 'sp.crt'],
    // RSA-SHA1: to be refused.
    'sha1' => [
        'NameIDFormat' => $persistent,
        'saml20.sign.assertion' => false,
        'signature.algorithm' => 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    ],
];
foreach (explode(',', getenv('SERVICE_PROVIDERS')) as $pair) {
    [$id, $way] = explode('=', $pair);
    $base = getenv('SP_BASE') . "/saml/$id";
    $metadata["$base/metadata"] = $ways[$way] + ['AssertionConsumerService' => "$base/acs"];
}
