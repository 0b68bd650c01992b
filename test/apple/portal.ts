/**
 * A stand-in for Apple's developer portal as a page, for people who try the dashboard on their machine: it answers a signing request
 * with a certificate, and makes a key for pushes. Both are downloaded as files with the names that Apple gives them.
 *
 * It uses the control API of server.ts, and checks nothing that the authority does not check.
 */
const TEAM = "EDGEPASS01";

export const PORTAL = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Stand-in portal</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
  form { display: grid; gap: .75rem; margin: 0 0 2rem; padding: 1rem; border: 1px solid #8886; border-radius: .75rem; }
  h2 { margin: 0; font-size: 1.1rem; }
  label { display: grid; gap: .25rem; }
  input, button { font: inherit; min-height: 44px; padding: .25rem .6rem; box-sizing: border-box; }
  [role=status] { min-height: 1.5em; }
</style>
<h1>Stand-in portal</h1>
<p>This page plays Apple's developer portal on this machine. Its certificates work only here: no iPhone accepts them.
The team is <code>${TEAM}</code>. Keys for pushes are forgotten when <code>npm start</code> ends: then make another one.</p>

<form id="certificate">
  <h2>Pass Type ID certificate</h2>
  <label>Identifier <input name="identifier" required placeholder="pass.com.example.card" autocomplete="off"></label>
  <label>Certificate signing request <input name="csr" type="file" required></label>
  <button>Download pass.cer</button>
  <p role="status"></p>
</form>

<form id="key">
  <h2>Key for push notifications</h2>
  <label>Key ID (10 letters and digits) <input name="keyId" required pattern="[A-Z0-9]{10}" value="STANDINKEY"></label>
  <button>Download the .p8 file</button>
  <p role="status"></p>
</form>

<script type="module">
  const post = async (path, body) => {
    const response = await fetch(path, { method: "POST", body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  const save = (name, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content]));
    link.download = name;
    link.click();
  };
  const toDer = (pem) => {
    const text = pem.split("-----")[2];
    return Uint8Array.from(atob(text.replace(/\\s/g, "")), (character) => character.charCodeAt(0));
  };
  const onSubmit = (id, act) => {
    const form = document.getElementById(id);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const status = form.querySelector("[role=status]");
      try {
        status.textContent = await act(new FormData(form));
      } catch (error) {
        status.textContent = error.message;
      }
    });
  };
  onSubmit("certificate", async (fields) => {
    const request = { csr: await fields.get("csr").text(), passTypeIdentifier: fields.get("identifier"), teamIdentifier: "${TEAM}" };
    save("pass.cer", toDer((await post("/control/issue", request)).pem));
    return "Downloaded pass.cer.";
  });
  onSubmit("key", async (fields) => {
    const keyId = fields.get("keyId");
    const { privateKey } = await post("/control/keys", { keyId, teamIdentifier: "${TEAM}" });
    save(\`AuthKey_\${keyId}.p8\`, privateKey);
    return \`Downloaded AuthKey_\${keyId}.p8.\`;
  });
</script>
`;
