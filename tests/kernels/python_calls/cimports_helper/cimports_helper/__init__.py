from .walk import beyond_one as beyond_one
