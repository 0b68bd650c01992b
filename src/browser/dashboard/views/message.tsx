/**
 * The page on which all holders of a template's passes get a message.
 */
import { TemplateMessage } from "../change/message-form.tsx";
import { hrefOf, type Route } from "../route.ts";
import { PageHeading } from "./parts.tsx";

export function MessageView({ query: { id = "" } }: { readonly query: Route["query"] }) {
  return (
    <>
      <PageHeading title="Message to all holders">
        <a class="as-button" href={hrefOf("template", { id })}>
          Template
        </a>
      </PageHeading>
      <TemplateMessage templateId={Number(id)} />
    </>
  );
}
