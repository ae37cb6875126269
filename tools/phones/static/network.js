// The network's control API, as the page uses it.

const ROOT = "/_phones/";

/** Return the JSON at a path; throws an Error that can be shown to a person. */
async function exchange(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(ROOT + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? answer.message ?? response.statusText);
  return answer;
}

export const network = {
  changes: (since, wait) => exchange("GET", `threads?items=0&limit=300&since=${since}&wait=${wait}`),
  thread: (number, since) => exchange("GET", `threads/${number}?since=${since}`),
  set: (number, fields) => exchange("POST", `numbers/${number}`, fields),
  reset: (number) => exchange("DELETE", `numbers/${number}`),
  setAll: (fields) => exchange("POST", "behaviour", fields),
  reply: (from, body) => exchange("POST", "reply", { from, body }),
  press: (sid, digits) => exchange("POST", "keys", { call_sid: sid, digits }),
  act: (sid, action) => exchange("POST", action, { call_sid: sid }),
};
