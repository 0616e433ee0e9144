import { useState } from "react";
import { useServiceAuth } from "../service/ServiceAuth";

export function UserCard() {
  const { user } = useServiceAuth();
  const [hasPicture, setHasPicture] = useState(true);
  if (!user) {
    return null;
  }
  const { name, email, pictureUrl } = user;
  return (
    <div className="card user">
      {hasPicture && pictureUrl?.startsWith("https://") && (
        <img
          src={pictureUrl}
          alt=""
          width="48"
          height="48"
          referrerPolicy="no-referrer"
          onError={() => setHasPicture(false)}
        />
      )}
      <dl>
        <dt>Name</dt>
        <dd>{name ?? "unknown"}</dd>
        <dt>E-mail</dt>
        <dd>{email ?? "unknown"}</dd>
      </dl>
    </div>
  );
}
