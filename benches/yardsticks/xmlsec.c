/*
 * The yardstick of verifying SAML responses: libxmlsec1 from C, with a bare public key.
 *
 *     xmlsec CERTIFICATE.pem RESPONSE.xml
 *
 * Parses the document, makes the signed elements' IDs known, and verifies every signature, and nothing else: it reads
 * nothing of what the response says. Speaks the protocol of all yardsticks: `ready` once the
 * response has been accepted, then for each line with a number so many verifications, answered by the microseconds
 * of CPU that one took.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xmlsec/app.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

static char *slurp(const char *path, int *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) return NULL;
    fclose(file);
    text[size] = 0;
    *length = (int)size;
    return text;
}

/* The signature that is a direct child of an element. */
static xmlNodePtr signature_of(xmlNodePtr element) {
    return xmlSecFindChild(element, xmlSecNodeSignature, xmlSecDSigNs);
}

/* The key alone: what else a certificate brings along would be copied for every signature. */
static xmlSecKeyPtr load_bare_key(const char *path) {
    xmlSecKeyPtr whole = xmlSecCryptoAppKeyLoad(path, xmlSecKeyDataFormatCertPem, NULL, NULL, NULL);
    xmlSecKeyPtr bare = xmlSecKeyCreate();
    if (whole == NULL || bare == NULL) return NULL;
    if (xmlSecKeySetValue(bare, xmlSecKeyDataDuplicate(xmlSecKeyGetValue(whole))) < 0) return NULL;
    xmlSecKeyDestroy(whole);
    return bare;
}

static int know_id(xmlDocPtr document, xmlNodePtr element) {
    xmlAttrPtr attribute = xmlHasProp(element, BAD_CAST "ID");
    xmlChar *id = xmlGetProp(element, BAD_CAST "ID");
    int known = attribute != NULL && id != NULL && xmlAddID(NULL, document, id, attribute) != NULL;
    xmlFree(id);
    return known;
}

static int verify_one(xmlNodePtr signature, xmlSecKeyPtr key) {
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    if (context == NULL) return 0;
    context->signKey = xmlSecKeyDuplicate(key);
    int done = context->signKey != NULL && xmlSecDSigCtxVerify(context, signature) == 0 &&
               context->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(context);
    return done;
}

/* How many signatures were verified; 0 when one of them does not hold. */
static int verify(const char *text, int length, xmlSecKeyPtr key) {
    xmlDocPtr document = xmlReadMemory(text, length, NULL, NULL, XML_PARSE_NONET);
    if (document == NULL) return 0;
    xmlNodePtr root = xmlDocGetRootElement(document);
    int verified = 0, good = 1;
    for (xmlNodePtr element = root; element != NULL && good;) {
        xmlNodePtr signature = signature_of(element);
        if (signature != NULL) {
            good = know_id(document, element) && verify_one(signature, key);
            verified += good;
        }
        element = element == root ? xmlSecFindChild(root, BAD_CAST "Assertion",
                                                    BAD_CAST "urn:oasis:names:tc:SAML:2.0:assertion")
                                  : NULL;
    }
    xmlFreeDoc(document);
    return good ? verified : 0;
}

static double microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(NULL) < 0 || xmlSecCryptoInit() < 0) return 1;
    xmlSecKeyPtr key = load_bare_key(arguments[1]);
    int length = 0;
    char *text = slurp(arguments[2], &length);
    if (key == NULL || text == NULL || verify(text, length, key) == 0) {
        fprintf(stderr, "the response is not accepted\n");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        long times = strtol(line, NULL, 10);
        double before = microseconds();
        for (long done = 0; done < times; done++)
            if (verify(text, length, key) == 0) return 1;
        printf("%.3f\n", (microseconds() - before) / (double)times);
        fflush(stdout);
    }
    return 0;
}
