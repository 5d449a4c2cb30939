# Files what siftd marked into Junk. For sieve_before, so that users' scripts see the rest.
require ["fileinto", "mailbox"];

if header :is "X-Spam-Flag" "YES" {
    fileinto :create "Junk";
    stop;
}
