// Sends the one form of the page: the browser carries the provider's answer to where it belongs.
document.forms[0].submit();
