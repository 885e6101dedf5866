"""Small files of every kind for the tests that upload, and the upload itself."""

import io
import struct
import zipfile
import zlib

import httpx

from tests.web.house import House, OperatorClient


def png() -> bytes:
    """One black pixel."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def archive(*names: str) -> bytes:
    """A ZIP with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "content")
    return made.getvalue()


async def upload(client: OperatorClient, conversation: str, name: str, data: bytes) -> httpx.Response:
    return await client.http.post(f"/api/desk/files?conversation={conversation}", files={"file": (name, data)})


async def upload_as_visitor(house: House, token: str, name: str, data: bytes) -> httpx.Response:
    headers = {"Origin": house.url, "X-Visitor": token}
    async with httpx.AsyncClient(base_url=house.url, headers=headers) as http:
        return await http.post("/api/widget/files", files={"file": (name, data)})
