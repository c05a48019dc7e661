# Cancels a job if it has not ended, and takes its document out of the spool; for ipptool.
{
OPERATION Cancel-Job
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR naturalLanguage attributes-natural-language en
ATTR uri job-uri $uri
ATTR name requesting-user-name $user
ATTR boolean purge-job true
}
