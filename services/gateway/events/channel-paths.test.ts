import assert from "node:assert/strict";
import { test } from "node:test";
import { channelPaths } from "./channel-paths.ts";

test("paths of incoming channels are those that take events, from properties or the environment", () => {
  const properties = {
    "mp.messaging.incoming.wait.path": "/wait",
    'mp.messaging.incoming."a.b".path': "a/b/",
    'mp.messaging.incoming."a.b".method': "put",
    "mp.messaging.outgoing.other.path": "/other",
    "mp.messaging.incoming.wait.connector": "quarkus-http",
    MP_MESSAGING_INCOMING_LATE_PATH: "/late",
    MP_MESSAGING_INCOMING_LATE_METHOD: "PUT",
  };
  assert.deepEqual(channelPaths({ properties }), ["POST /wait", "PUT /a/b", "PUT /late"]);
});
