/* C with an error in it: the type of `maximum` does not exist. */
no_such_type maximum;
