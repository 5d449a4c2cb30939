-- Plays two messages on one connection against a running siftd with the tests' tiny model.
--   miltertest -D socket=unix:/path -s black-box.lua
local function check(ok, what)
    if not ok then error(what) end
end

local conn = mt.connect(socket)
check(conn ~= nil, "connect")
check(mt.conninfo(conn, "client.example.net", "192.0.2.7") == nil, "conninfo")
check(mt.helo(conn, "client.example.net") == nil, "helo")

local function deliver(subject, text, flag, forged)
    check(mt.mailfrom(conn, "<sender@example.net>") == nil, "mailfrom")
    check(mt.rcptto(conn, "<inbox@example.org>") == nil, "rcptto")
    check(mt.header(conn, "From", "Someone <someone@example.net>") == nil, "header")
    check(mt.header(conn, "Subject", subject) == nil, "header")
    if forged then
        check(mt.header(conn, "X-Spam-Flag", "NO") == nil, "header")
    end
    check(mt.eoh(conn) == nil, "eoh")
    check(mt.bodystring(conn, text .. "\r\n") == nil, "body")
    check(mt.eom(conn) == nil, "eom")
    check(mt.getreply(conn) == SMFIR_CONTINUE or mt.getreply(conn) == SMFIR_ACCEPT, "reply")
    check(mt.eom_check(conn, MT_HDRINSERT, "X-Spam-Flag", flag), "X-Spam-Flag is not " .. flag)
    check(mt.eom_check(conn, MT_HDRINSERT, "X-Spam-Status"), "no X-Spam-Status")
    if forged then
        check(mt.eom_check(conn, MT_HDRDELETE, "X-Spam-Flag"), "the forged flag stays")
    end
end

deliver("cheap pills", "viagra discount offer winner prize click free casino pills", "YES", true)
mt.abort(conn)
deliver("meeting agenda", "minutes project report lunch train review patch thanks", "NO", false)
mt.disconnect(conn)
