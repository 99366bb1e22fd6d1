import { named } from "../words";

/** A place's name: its street, then where that street is, smaller. */
export function Name({ of }: { of: string }) {
  const [street, where] = named(of);
  return (
    <span class="name">
      {street}
      {where && (
        <>
          <span class="unseen">, </span>
          <span class="where">{where}</span>
        </>
      )}
    </span>
  );
}
