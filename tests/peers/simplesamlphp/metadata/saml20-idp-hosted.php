<?php
/**
 * The one identity provider: RSA-SHA256 over Response and Assertion unless the service provider's entry says
 * otherwise; the NameID is the e-mail address or, when asked for, a persistent one.
 */
$metadata['http://127.0.0.1:' . getenv('PORT') . '/idp'] = [
    'host' => '__DEFAULT__',
    'privatekey' => 'idp.pem',
    'certificate' => 'idp.crt',
    'auth' => 'users',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
    'saml20.sign.response' => true,
    'saml20.sign.assertion' => true,
    'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'authproc' => [
        3 => [
            'class' => 'saml:AttributeNameID',
            'attribute' => 'mail',
            'Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        ],
        4 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid'],
    ],
];
