<?php
/**
 * SimpleSAMLphp as a test identity provider, on loopback, state in PEER_DIR.
 *
 * start.sh sets the environment: PORT, PEER_DIR (writable, with cert/), PEER_PACKAGE (where the package's
 * own files lie). Every secret here guards nothing.
 */
$dir = getenv('PEER_DIR');
$config = [
    'baseurlpath' => 'http://127.0.0.1:' . getenv('PORT') . '/simplesaml/',
    'certdir' => "$dir/cert/",
    'loggingdir' => "$dir/log/",
    'datadir' => "$dir/data/",
    'tempdir' => "$dir/scratch",
    'metadatadir' => __DIR__ . '/../metadata/',
    'attributenamemapdir' => getenv('PEER_PACKAGE') . '/etc/simplesamlphp/attributemap/',
    'technicalcontact_name' => 'Test',
    'technicalcontact_email' => 'na@example.org',
    'timezone' => 'UTC',
    'secretsalt' => 'test-only-salt-0123456789abcdef0123',
    'auth.adminpassword' => 'test-only',
    'debug' => ['saml' => false, 'backtraces' => true, 'validatexml' => false],
    'showerrors' => true,
    'errorreporting' => false,
    'logging.level' => SimpleSAML\Logger::INFO,
    'logging.handler' => 'file',
    'logging.logfile' => 'idp.log',
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.duration' => 28800,
    'session.cookie.secure' => false,
    'language.available' => ['en'],
    'language.default' => 'en',
    'store.type' => 'sql',
    'store.sql.dsn' => "sqlite:$dir/data/store.sqlite3",
    'metadata.sources' => [['type' => 'flatfile']],
];
