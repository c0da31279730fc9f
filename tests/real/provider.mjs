// A certified OpenID Connect provider on loopback, whose pages let anybody sign in as anybody.
// Arguments: its port, the hub's return address, and the claims of people by what they type (JSON).
import { pathToFileURL } from "node:url";

const [library, port, address, people] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(library).href);
const claims = JSON.parse(people);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "hub",
    client_secret: "a secret of both",
    redirect_uris: [address],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...claims[id] }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
